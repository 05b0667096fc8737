#include "sigstore/store/fetch.h"

#include <map>
#include <optional>

#include "sigstore/base/parallel.h"

namespace sigstore::store {
namespace {

struct Wanted {
  const oci::Descriptor* blob = nullptr;
  bool fits = false;
  std::optional<Result<std::string>> content;
};

}  // namespace

std::vector<Result<std::string>> fetch_blobs(remote::Registry& registry, const oci::Repository& repository,
                                             const std::vector<oci::Descriptor>& blobs, std::size_t most) {
  std::vector<Wanted> wanted;
  std::map<std::pair<oci::Digest, std::uint64_t>, std::size_t> places;
  std::size_t left = most;
  for (auto blob = blobs.rbegin(); blob != blobs.rend(); ++blob) {
    if (!places.emplace(std::pair(blob->digest, blob->size), wanted.size()).second) continue;
    const bool fits = blob->size <= left;
    if (fits) left -= blob->size;
    wanted.push_back({&*blob, fits, std::nullopt});
  }
  parallel(wanted.size(), fetched_at_once, [&](std::size_t i) {
    Wanted& one = wanted[i];
    if (one.fits) one.content = registry.blob(repository, *one.blob, most);
  });
  const Error too_large{Code::too_large, "not fetched: together with newer ones it is too large",
                        "the bound is " + std::to_string(most) + " bytes", "COSIGN_MAX_ATTACHMENT_SIZE raises it"};
  std::vector<Result<std::string>> contents;
  for (const oci::Descriptor& blob : blobs) {
    const Wanted& one = wanted[places.at({blob.digest, blob.size})];
    contents.push_back(one.content ? *one.content : Result<std::string>(std::unexpected(too_large)));
  }
  return contents;
}

}  // namespace sigstore::store
