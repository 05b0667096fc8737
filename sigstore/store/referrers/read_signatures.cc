#include "sigstore/store/referrers/read_signatures.h"

#include <algorithm>
#include <atomic>

#include "sigstore/base/parallel.h"
#include "sigstore/store/fetch.h"
#include "sigstore/store/referrers/bundle_manifest.h"

namespace sigstore::store {
namespace {

using Descriptors = std::vector<oci::Descriptor>;

// Payloads of the older form keep their annotations until all are fetched: so much of their manifests at
// most.
using Room = std::atomic<std::int64_t>;
constexpr std::int64_t most_annotated = 4 * limits::manifest_bytes;

// What one manifest of the list turned out to be.
struct Referrer {
  oci::Digest digest;
  std::string location;
  Descriptors layers;               // the signatures in it
  std::optional<Error> unreadable;  // it is there, but is no good
  std::optional<Error> failed;      // the registry did not answer
  std::string note;
};

bool is_older_form(const oci::Descriptor& layer) {
  return layer.media_type == oci::media_type::simple_signing;
}

// Of all signatures in them the newest, limits::referrers at most.
void keep_newest(std::vector<Referrer>& referrers, bool& truncated) {
  std::size_t left = limits::referrers;
  for (auto referrer = referrers.rbegin(); referrer != referrers.rend(); ++referrer) {
    Descriptors& layers = referrer->layers;
    truncated = truncated || layers.size() > left;
    if (layers.size() > left) layers.erase(layers.begin(), layers.end() - static_cast<std::ptrdiff_t>(left));
    left -= layers.size();
  }
}

Referrer look_at(remote::Registry& registry, const oci::Repository& repository, const oci::Digest& subject,
                 const oci::Digest& digest, Room& room) {
  Referrer out{digest, oci::digest_reference(repository, digest), {}, {}, {}, {}};
  const auto content = registry.manifest(repository, digest.text());
  if (!content) {
    const Error& error = content.error();
    if (error.code == Code::not_found)
      out.note = "listed as a referrer, but not there any more: " + out.location;
    else
      (is_lookup_failure(error.code) ? out.failed : out.unreadable) = error;
    return out;
  }
  auto layers = signature_layers(subject, content->descriptor.media_type, content->bytes);
  const auto size = static_cast<std::int64_t>(content->bytes.size());
  if (!layers)
    out.unreadable = layers.error();
  else if (std::ranges::any_of(*layers, is_older_form) && room.fetch_sub(size) < size)
    out.unreadable = Error{Code::too_large, "not read: together with others it is too large", {}, {}};
  else
    out.layers = std::move(*layers);
  return out;
}

// A layer of a referrer with its content, which may be an error.
Stored stored_layer(const Referrer& referrer, const oci::Descriptor& layer, Result<std::string> content) {
  const bool old = is_older_form(layer);
  Stored stored{old ? Format::simple_signing : Format::bundle,
                old ? layer.digest : referrer.digest,
                referrer.location,
                {},
                {}};
  if (!content)
    stored.bundle = std::unexpected(std::move(content).error());
  else
    stored.bundle =
        old ? bundle::from_layer(std::move(*content), layer.annotations) : bundle::parse(std::move(*content));
  return stored;
}

Result<void> load(remote::Registry& registry, const oci::Repository& repository,
                  std::vector<Referrer> referrers, std::size_t most, Listing& listing) {
  Descriptors layers;
  for (const Referrer& referrer : referrers) {
    if (referrer.failed) return fail(*referrer.failed);
    layers.insert(layers.end(), referrer.layers.begin(), referrer.layers.end());
  }
  auto contents = fetch_blobs(registry, repository, layers, most);
  auto content = contents.begin();
  for (Referrer& referrer : referrers) {
    if (!referrer.note.empty()) listing.notes.push_back(std::move(referrer.note));
    if (referrer.unreadable)
      listing.entries.push_back({Format::bundle,
                                 referrer.digest,
                                 referrer.location,
                                 std::unexpected(std::move(*referrer.unreadable)),
                                 {}});
    for (const oci::Descriptor& layer : referrer.layers) {
      auto got = std::move(*content++);
      if (!got && is_lookup_failure(got.error().code)) return fail(got.error());
      listing.entries.push_back(stored_layer(referrer, layer, std::move(got)));
    }
  }
  return {};
}

}  // namespace

Result<void> read_signatures(remote::Registry& registry, const oci::Repository& repository,
                             const oci::Digest& subject, const std::vector<oci::Descriptor>& found,
                             std::size_t most, Listing& listing) {
  Room room = most_annotated;
  std::vector<Referrer> referrers(found.size());
  parallel(found.size(), fetched_at_once, [&](std::size_t i) {
    referrers[i] = look_at(registry, repository, subject, found[i].digest, room);
  });
  keep_newest(referrers, listing.truncated);
  return load(registry, repository, std::move(referrers), most, listing);
}

}  // namespace sigstore::store
