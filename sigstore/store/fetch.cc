#include "sigstore/store/fetch.h"

#include <map>
#include <optional>

#include "sigstore/base/parallel.h"

namespace sigstore::store {
namespace {

// One blob, however often it is asked for.
struct Wanted {
  const oci::Descriptor* blob = nullptr;
  std::size_t uses = 0;
  std::optional<Result<std::string>> content;
};

// Which of them fit, the newest first. Each use counts: it is a copy in memory, though one request.
std::vector<bool> within(const std::vector<oci::Descriptor>& blobs, std::size_t most) {
  std::vector<bool> fits(blobs.size());
  for (std::size_t i = blobs.size(); i-- > 0;) {
    fits[i] = blobs[i].size <= most;
    if (fits[i]) most -= blobs[i].size;
  }
  return fits;
}

}  // namespace

std::vector<Result<std::string>> fetch_blobs(remote::Registry& registry, const oci::Repository& repository,
                                             const std::vector<oci::Descriptor>& blobs, std::size_t most) {
  const auto fits = within(blobs, most);
  std::vector<Wanted> wanted;
  std::map<std::pair<oci::Digest, std::uint64_t>, std::size_t> places;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    if (!fits[i]) continue;
    const auto [place, first] = places.emplace(std::pair(blobs[i].digest, blobs[i].size), wanted.size());
    if (first) wanted.push_back({&blobs[i], 0, std::nullopt});
    ++wanted[place->second].uses;
  }
  parallel(wanted.size(), fetched_at_once,
           [&](std::size_t i) { wanted[i].content = registry.blob(repository, *wanted[i].blob, most); });
  const Error too_large{Code::too_large, "not fetched: together with newer ones it is too large",
                        "the bound is " + std::to_string(most) + " bytes",
                        "COSIGN_MAX_ATTACHMENT_SIZE raises it"};
  std::vector<Result<std::string>> contents;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    if (!fits[i]) {
      contents.push_back(std::unexpected(too_large));
      continue;
    }
    Wanted& one = wanted[places.at({blobs[i].digest, blobs[i].size})];
    contents.push_back(--one.uses == 0 ? std::move(*one.content) : *one.content);
  }
  return contents;
}

}  // namespace sigstore::store
