#include "sigstore/store/referrers/referrers_store.h"

#include <algorithm>
#include <map>
#include <set>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/store/referrers/bundle_manifest.h"
#include "sigstore/store/referrers/fallback_index.h"
#include "sigstore/store/referrers/publish.h"
#include "sigstore/store/referrers/read_signatures.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

using Descriptors = std::vector<oci::Descriptor>;

// What may be a signature. Old lists carry no type or a wrong one: then the manifest has to be looked at.
bool may_be_signature(const oci::Descriptor& descriptor) {
  const std::string& type = descriptor.artifact_type;
  return type.empty() || type == oci::media_type::oci_empty || type == oci::media_type::signature_artifact ||
         type.starts_with(oci::media_type::bundle_prefix);
}

// When it says it was made; lists have no order of their own. What says nothing counts as the oldest.
Time made_at(const oci::Descriptor& descriptor) {
  const auto created = descriptor.annotations.find("org.opencontainers.image.created");
  if (created == descriptor.annotations.end()) return Time::min();
  return codec::rfc3339::parse(created->second).value_or(Time::min());
}

// Those that may be signatures, each once, the newest last and at most `most` of them.
Descriptors choose(Descriptors found, std::size_t most, bool& truncated) {
  std::set<oci::Digest> seen;
  std::multimap<Time, oci::Descriptor> by_age;  // equal times stay in their order
  for (oci::Descriptor& descriptor : found) {
    if (!may_be_signature(descriptor) || !seen.insert(descriptor.digest).second) continue;
    const Time made = made_at(descriptor);
    by_age.emplace(made, std::move(descriptor));
  }
  truncated = truncated || by_age.size() > most;
  while (by_age.size() > most) by_age.erase(by_age.begin());
  Descriptors chosen;
  for (auto& [made, descriptor] : by_age) chosen.push_back(std::move(descriptor));
  return chosen;
}

class ReferrersStore final : public ArtifactStore {
 public:
  ReferrersStore(remote::Registry& registry, const Env& env, ReferrersOptions options)
      : registry_(registry), env_(env), options_(options) {}

  [[nodiscard]] Format format() const override { return Format::bundle; }
  Result<Listing> list(const oci::Repository& repository, const oci::Digest& subject,
                       const ListOptions& options) override;
  Result<Stored> put(const oci::Repository& repository, const oci::Descriptor& subject,
                     const bundle::Bundle& bundle, const PutOptions& options) override;

 private:
  Result<Descriptors> fallback(const oci::Repository& repository, const oci::Digest& subject,
                               Listing& listing);
  void remove(const oci::Repository& repository, const std::set<oci::Digest>& replaced, Stored& stored);

  remote::Registry& registry_;
  const Env env_;
  const ReferrersOptions options_;
};

Result<Descriptors> ReferrersStore::fallback(const oci::Repository& repository, const oci::Digest& subject,
                                             Listing& listing) {
  const std::string tag = fallback_tag(subject);
  const auto content = registry_.manifest(repository, tag);
  if (!content) {
    TRY_OK(take_as_absent(registry_, repository, subject, tag, content.error(), listing.notes));
    return Descriptors{};
  }
  if (!oci::is_index(content->descriptor.media_type)) {
    listing.notes.push_back("the tag " + tag + " is no list of referrers; it was passed over");
    return Descriptors{};
  }
  auto index = oci::Index::parse(content->bytes);
  if (!index)
    return fail(index.error().wrap("cannot read the referrers in " + repository.text() + ":" + tag));
  return std::move(index->manifests);
}

Result<Listing> ReferrersStore::list(const oci::Repository& repository, const oci::Digest& subject,
                                     const ListOptions& options) {
  Listing listing;
  TRY(auto answer, registry_.referrers(repository, subject));
  if (options.go_on && !options.go_on()) {
    listing.stopped = true;
    return listing;
  }
  listing.truncated = answer.truncated;
  Descriptors found = std::move(answer.descriptors);
  if (std::ranges::none_of(found, may_be_signature)) {
    TRY(found, fallback(repository, subject, listing));
  }
  found =
      choose(std::move(found), options.newest != 0 ? options.newest : limits::referrers, listing.truncated);
  TRY_OK(read_signatures(registry_, repository, subject, found, options_.max_attachment, listing));
  return listing;
}

// What cannot be deleted is no reason to fail: the new one is there.
void ReferrersStore::remove(const oci::Repository& repository, const std::set<oci::Digest>& replaced,
                            Stored& stored) {
  for (const oci::Digest& digest : replaced) {
    const auto removed = registry_.delete_manifest(repository, digest.text());
    if (!removed && removed.error().code != Code::not_found)
      stored.notes.push_back("what was to be replaced is still there, " +
                             oci::digest_reference(repository, digest) + ": " + removed.error().text());
  }
}

Result<Stored> ReferrersStore::put(const oci::Repository& repository, const oci::Descriptor& subject,
                                   const bundle::Bundle& bundle, const PutOptions& options) {
  TRY(const std::string json, bundle::write(bundle));
  TRY(const auto manifest,
      make_bundle_manifest(subject, bundle, json, options_.created.value_or(env_.clock->now())));
  TRY_OK(registry_.push_blob(repository, manifest.config.digest, empty_config));
  TRY_OK(registry_.push_blob(repository, manifest.layers[0].digest, json));
  TRY(auto published, publish_referrer(registry_, env_, repository, manifest,
                                       {.what = "the signature",
                                        .refused_hint = "--signature-format sig",
                                        .own_tags = options_.own_tags,
                                        .replaced = options.replaced}));
  Stored stored{Format::bundle, published.digest, std::move(published.location), bundle,
                std::move(published.notes)};
  remove(repository, options.replaced, stored);
  return stored;
}

}  // namespace

std::unique_ptr<ArtifactStore> make_referrers_store(remote::Registry& registry, const Env& env,
                                                    ReferrersOptions options) {
  return std::make_unique<ReferrersStore>(registry, env, options);
}

}  // namespace sigstore::store
