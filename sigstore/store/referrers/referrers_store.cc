#include "sigstore/store/referrers/referrers_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "sigstore/base/parallel.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/payload/statement.h"
#include "sigstore/store/shared_tag.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

constexpr std::string_view empty_config = "{}";
constexpr int fetched_at_once = 4;

// What may be a bundle. Old lists carry no type or a wrong one: then the manifest has to be looked at.
bool may_be_bundle(const oci::Descriptor& descriptor) {
  const std::string& type = descriptor.artifact_type;
  return type.empty() || type == oci::media_type::oci_empty ||
         type.starts_with(oci::media_type::bundle_prefix);
}

std::string fallback_tag(const oci::Digest& subject) {
  return oci::attachment_tag(subject, "");
}

// The index under a fallback tag. Entries whose manifest is gone are dropped, and said.
class FallbackIndex final : public TagDocument {
 public:
  FallbackIndex(remote::Registry& registry, const oci::Repository& repository)
      : registry_(registry), repository_(repository) {}

  Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const override {
    TRY(const auto index, oci::Index::parse(current.bytes));
    std::vector<TagEntry> entries;
    for (const oci::Descriptor& manifest : index.manifests)
      if (!gone(manifest)) entries.push_back(entry_for(manifest));
    return entries;
  }

  Result<Draft> append(const remote::ManifestContent* current, const std::vector<TagEntry>& added) override {
    oci::Index index;
    index.media_type = oci::media_type::oci_index;
    if (current != nullptr) {
      TRY(index, oci::Index::parse(current->bytes));
    }
    std::erase_if(index.manifests, [&](const oci::Descriptor& manifest) { return gone(manifest); });
    for (const TagEntry& entry : added) {
      TRY(auto descriptor, oci::Descriptor::from_json(entry.json, "fallback index entry"));
      index.manifests.push_back(std::move(descriptor));
    }
    return Draft{std::string(oci::media_type::oci_index), index.write()};
  }

  static TagEntry entry_for(const oci::Descriptor& descriptor) {
    return {descriptor.digest.text(), descriptor.to_json()};
  }

  [[nodiscard]] std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    for (const auto& [digest, is_gone] : looked_up_)
      if (is_gone)
        notes.push_back("the fallback tag listed " + digest +
                        ", which is not there any more; it was taken off the list");
    return notes;
  }

 private:
  bool gone(const oci::Descriptor& descriptor) const {
    const auto [entry, fresh] = looked_up_.try_emplace(descriptor.digest.text(), false);
    if (fresh) {
      oci::Reference reference;
      reference.repository = repository_;
      reference.digest = descriptor.digest;
      const auto found = registry_.resolve(reference);
      entry->second = !found && found.error().code == Code::not_found;
    }
    return entry->second;
  }

  remote::Registry& registry_;
  const oci::Repository& repository_;
  mutable std::map<std::string, bool> looked_up_;  // digest -> gone
};

class ReferrersStore final : public ArtifactStore {
 public:
  ReferrersStore(remote::Registry& registry, const Env& env, ReferrersOptions options)
      : registry_(registry), env_(env), options_(options) {}

  [[nodiscard]] Format format() const override { return Format::bundle; }
  Result<Listing> list(const oci::Repository& repository, const oci::Digest& subject,
                       const ListOptions& options) override;
  Result<Stored> put(const oci::Repository& repository, const oci::Descriptor& subject,
                     const bundle::Bundle& bundle) override;

 private:
  struct Loaded {
    std::optional<Stored> stored;  // nullopt: no bundle after all
    std::optional<Error> failed;   // the registry did not answer
    std::string note;
  };
  Result<std::vector<oci::Descriptor>> fallback(const oci::Repository& repository, const oci::Digest& subject,
                                                Listing& listing);
  Loaded load(const oci::Repository& repository, const oci::Digest& subject,
              const oci::Descriptor& descriptor);
  Result<std::optional<oci::Descriptor>> bundle_layer(const oci::Digest& subject,
                                                      std::string_view manifest) const;
  Result<oci::Manifest> make_manifest(const oci::Descriptor& subject, const bundle::Bundle& bundle,
                                      std::string_view json) const;
  Result<bool> listed_by_api(const oci::Repository& repository, const oci::Digest& subject,
                             const oci::Digest& digest);

  remote::Registry& registry_;
  const Env env_;
  const ReferrersOptions options_;
};

Result<std::vector<oci::Descriptor>> ReferrersStore::fallback(const oci::Repository& repository,
                                                              const oci::Digest& subject, Listing& listing) {
  const auto content = registry_.manifest(repository, fallback_tag(subject));
  if (!content) {
    const Error& error = content.error();
    if (error.code == Code::not_found) return std::vector<oci::Descriptor>{};
    if (error.code != Code::unauthorized && error.code != Code::forbidden) return fail(error);
    oci::Reference image;
    image.repository = repository;
    image.digest = subject;
    if (!registry_.resolve(image)) return fail(error);
    listing.notes.push_back(
        "the registry refuses to say whether there is a fallback tag, but gives the image; the "
        "tag is taken as absent");
    return std::vector<oci::Descriptor>{};
  }
  if (!oci::is_index(content->descriptor.media_type)) {
    listing.notes.push_back("the tag " + fallback_tag(subject) +
                            " is no list of referrers; it was passed over");
    return std::vector<oci::Descriptor>{};
  }
  TRY(auto index, oci::Index::parse(content->bytes));
  return std::move(index.manifests);
}

// The one layer that is a bundle; nullopt for a referrer of another kind.
Result<std::optional<oci::Descriptor>> ReferrersStore::bundle_layer(const oci::Digest& subject,
                                                                    std::string_view bytes) const {
  TRY(const auto manifest, oci::Manifest::parse(bytes));
  const bool is_bundle = std::ranges::any_of(manifest.layers, [](const oci::Descriptor& layer) {
    return layer.media_type.starts_with(oci::media_type::bundle_prefix);
  });
  if (!is_bundle) return std::nullopt;
  if (manifest.layers.size() != 1)
    return fail(Code::malformed, "a bundle's manifest has one layer",
                "this one has " + std::to_string(manifest.layers.size()));
  if (!manifest.subject || manifest.subject->digest != subject)
    return fail(Code::mismatch, "it is listed for this image, but is about another one",
                manifest.subject ? manifest.subject->digest.text() : "it names no subject");
  return manifest.layers[0];
}

ReferrersStore::Loaded ReferrersStore::load(const oci::Repository& repository, const oci::Digest& subject,
                                            const oci::Descriptor& descriptor) {
  const std::string location = oci::digest_reference(repository, descriptor.digest);
  const auto content = registry_.manifest(repository, descriptor.digest.text());
  if (!content) {
    if (content.error().code == Code::not_found)
      return {{}, {}, "listed as a referrer, but not there any more: " + location};
    if (is_lookup_failure(content.error().code)) return {{}, content.error(), {}};
    return {
        Stored{Format::bundle, descriptor.digest, location, std::unexpected(content.error()), {}}, {}, {}};
  }
  const auto layer = bundle_layer(subject, content->bytes);
  if (!layer)
    return {Stored{Format::bundle, descriptor.digest, location, std::unexpected(layer.error()), {}}, {}, {}};
  if (!*layer) return {};
  const auto json = registry_.blob(repository, **layer, options_.max_attachment);
  if (!json && is_lookup_failure(json.error().code)) return {{}, json.error(), {}};
  auto bundle = json ? bundle::parse(*json) : Result<bundle::Bundle>(std::unexpected(json.error()));
  return {Stored{Format::bundle, descriptor.digest, location, std::move(bundle), {}}, {}, {}};
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
  std::vector<oci::Descriptor> found = std::move(answer.descriptors);
  if (std::ranges::none_of(found, may_be_bundle)) {
    TRY(found, fallback(repository, subject, listing));
  }
  std::set<oci::Digest> seen;
  std::erase_if(found,
                [&](const oci::Descriptor& d) { return !may_be_bundle(d) || !seen.insert(d.digest).second; });
  const std::size_t bound = options.newest != 0 ? options.newest : limits::referrers;
  if (found.size() > bound) {
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(bound));
    listing.truncated = true;
  }
  std::vector<Loaded> loaded(found.size());
  parallel(found.size(), fetched_at_once,
           [&](std::size_t i) { loaded[i] = load(repository, subject, found[i]); });
  for (Loaded& one : loaded) {
    if (one.failed) return fail(std::move(*one.failed));
    if (!one.note.empty()) listing.notes.push_back(std::move(one.note));
    if (one.stored) listing.entries.push_back(std::move(*one.stored));
  }
  return listing;
}

// As cosign 3.1 writes it (cosign.md 2d).
Result<oci::Manifest> ReferrersStore::make_manifest(const oci::Descriptor& subject,
                                                    const bundle::Bundle& bundle,
                                                    std::string_view json) const {
  oci::Manifest manifest;
  manifest.media_type = oci::media_type::oci_manifest;
  manifest.config.media_type = oci::media_type::oci_empty;
  manifest.config.digest = oci::Digest::sha256(empty_config);
  manifest.config.size = empty_config.size();
  manifest.config.artifact_type = oci::media_type::bundle_v03;
  oci::Descriptor layer;
  layer.media_type = oci::media_type::bundle_v03;
  layer.digest = oci::Digest::sha256(json);
  layer.size = json.size();
  manifest.layers.push_back(std::move(layer));
  manifest.subject = oci::Descriptor{};
  manifest.subject->media_type = subject.media_type;
  manifest.subject->digest = subject.digest;
  manifest.subject->size = subject.size;
  manifest.artifact_type = oci::media_type::bundle_v03;
  manifest.annotations["org.opencontainers.image.created"] =
      codec::rfc3339::seconds(options_.created.value_or(env_.clock->now()));
  if (const auto* envelope = std::get_if<bundle::EnvelopeContent>(&bundle.content)) {
    TRY(const auto statement, payload::Statement::parse(envelope->payload));
    manifest.annotations["dev.sigstore.bundle.content"] = "dsse-envelope";
    manifest.annotations["dev.sigstore.bundle.predicateType"] = statement.predicate_type;
  } else {
    manifest.annotations["dev.sigstore.bundle.content"] = "message-signature";
  }
  return manifest;
}

Result<bool> ReferrersStore::listed_by_api(const oci::Repository& repository, const oci::Digest& subject,
                                           const oci::Digest& digest) {
  TRY(const auto answer, registry_.referrers(repository, subject));
  return std::ranges::find(answer.descriptors, digest, &oci::Descriptor::digest) != answer.descriptors.end();
}

Result<Stored> ReferrersStore::put(const oci::Repository& repository, const oci::Descriptor& subject,
                                   const bundle::Bundle& bundle) {
  TRY(const std::string json, bundle::write(bundle));
  TRY(const auto manifest, make_manifest(subject, bundle, json));
  TRY_OK(registry_.push_blob(repository, manifest.config.digest, empty_config));
  TRY_OK(registry_.push_blob(repository, manifest.layers[0].digest, json));
  const std::string bytes = manifest.write();
  const oci::Digest digest = oci::Digest::sha256(bytes);
  TRY_OK(registry_.push_manifest(repository, digest.text(), manifest.media_type, bytes));
  Stored stored{Format::bundle, digest, oci::digest_reference(repository, digest), bundle, {}};
  TRY(const bool listed, listed_by_api(repository, subject.digest, digest));
  if (listed) return stored;
  TRY(const auto descriptor, oci::referrer_descriptor(bytes, manifest.media_type));
  FallbackIndex index(registry_, repository);
  TRY(auto report, add_to_tag(registry_, env_, repository, fallback_tag(subject.digest), index,
                              FallbackIndex::entry_for(descriptor),
                              {.immutable_hint = {}, .own_tags = options_.own_tags}));
  stored.notes = std::move(report.notes);
  std::ranges::move(index.notes(), std::back_inserter(stored.notes));
  return stored;
}

}  // namespace

std::unique_ptr<ArtifactStore> make_referrers_store(remote::Registry& registry, const Env& env,
                                                    ReferrersOptions options) {
  return std::make_unique<ReferrersStore>(registry, env, options);
}

}  // namespace sigstore::store
