#include "sigstore/store/tag/tag_store.h"

#include "sigstore/store/fetch.h"
#include "sigstore/store/tag/signature_document.h"
#include "sigstore/store/tag/tag_kind.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

class TagStore final : public ArtifactStore {
 public:
  TagStore(const TagKind& kind, remote::Registry& registry, const Env& env, TagOptions options)
      : kind_(kind), registry_(registry), env_(env), options_(std::move(options)) {}

  [[nodiscard]] Format format() const override { return kind_.format; }
  Result<Listing> list(const oci::Repository& repository, const oci::Digest& subject,
                       const ListOptions& options) override;
  Result<Stored> put(const oci::Repository& repository, const oci::Descriptor& subject,
                     const bundle::Bundle& bundle, const PutOptions& options) override;

 private:
  [[nodiscard]] std::vector<oci::Descriptor> choose(std::vector<oci::Descriptor> layers, std::size_t newest,
                                                    Listing& listing) const;
  Result<void> load(const oci::Repository& repository, const std::string& location,
                    const std::vector<oci::Descriptor>& layers, Listing& listing);
  void append(const oci::Descriptor& layer, const std::string& location, Result<std::string> blob,
              Listing& listing) const;

  const TagKind& kind_;
  remote::Registry& registry_;
  const Env env_;
  const TagOptions options_;
};

// The layers that are of this kind, and of these the newest.
std::vector<oci::Descriptor> TagStore::choose(std::vector<oci::Descriptor> layers, std::size_t newest,
                                              Listing& listing) const {
  const auto others = std::erase_if(
      layers, [&](const oci::Descriptor& layer) { return layer.media_type != kind_.media_type; });
  if (others != 0)
    listing.notes.push_back(std::to_string(others) + " of the layers under the " + std::string(kind_.suffix) +
                            " tag are no " + std::string(kind_.things));
  const std::size_t bound = newest != 0 ? newest : limits::layers_per_manifest;
  listing.truncated = layers.size() > bound;
  if (listing.truncated) layers.erase(layers.begin(), layers.end() - static_cast<std::ptrdiff_t>(bound));
  return layers;
}

void TagStore::append(const oci::Descriptor& layer, const std::string& location, Result<std::string> blob,
                      Listing& listing) const {
  auto bundles = blob ? kind_.bundles(std::move(*blob), layer.annotations, options_.max_attachment)
                      : std::unexpected(blob.error());
  if (!bundles) {
    listing.entries.push_back({kind_.format, layer.digest, location, std::unexpected(bundles.error()), {}});
    return;
  }
  for (bundle::Bundle& bundle : *bundles)
    listing.entries.push_back({kind_.format, layer.digest, location, std::move(bundle), {}});
}

Result<void> TagStore::load(const oci::Repository& repository, const std::string& location,
                            const std::vector<oci::Descriptor>& layers, Listing& listing) {
  auto blobs = fetch_blobs(registry_, repository, layers, options_.max_attachment);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    // A registry that does not answer is not the same as an entry that is damaged.
    if (!blobs[i] && is_lookup_failure(blobs[i].error().code)) return fail(blobs[i].error());
    append(layers[i], location, std::move(blobs[i]), listing);
  }
  return {};
}

Result<Listing> TagStore::list(const oci::Repository& repository, const oci::Digest& subject,
                               const ListOptions& options) {
  const std::string tag = oci::attachment_tag(subject, kind_.suffix, options_.prefix);
  const std::string location = repository.text() + ":" + tag;
  Listing listing;
  const auto content = registry_.manifest(repository, tag);
  if (!content) {
    TRY_OK(take_as_absent(registry_, repository, subject, tag, content.error(), listing.notes));
    return listing;
  }
  auto manifest = oci::Manifest::parse(content->bytes);
  if (!manifest)
    return fail(manifest.error().wrap("cannot read the " + std::string(kind_.things) + " in " + location));
  if (options.go_on && !options.go_on()) {
    listing.stopped = true;
    return listing;
  }
  const auto layers = choose(std::move(manifest->layers), options.newest, listing);
  TRY_OK(load(repository, location, layers, listing));
  return listing;
}

Result<Stored> TagStore::put(const oci::Repository& repository, const oci::Descriptor& subject,
                             const bundle::Bundle& bundle, const PutOptions& options) {
  TRY(TagLayer content, kind_.layer(bundle));
  if (kind_.format == Format::envelope && !options.envelope.empty()) content.blob = options.envelope;
  oci::Descriptor layer;
  layer.media_type = kind_.media_type;
  layer.digest = oci::Digest::sha256(content.blob);
  layer.size = content.blob.size();
  layer.annotations = content.annotations;
  TRY_OK(registry_.push_blob(repository, layer.digest, content.blob));

  const std::string tag = oci::attachment_tag(subject.digest, kind_.suffix, options_.prefix);
  SignatureDocument document(registry_, repository, options_.docker_media_types, options_.created,
                             options.replaced);
  const SharedTagOptions shared{
      .immutable_hint = "--signature-format bundle",
      .refused_form = "a manifest under the tag " + tag,
      .refused_hint = "--signature-format bundle, or keep the " + std::string(kind_.things) +
                      " in a registry that takes them: COSIGN_REPOSITORY=REGISTRY/REPOSITORY",
      .own_tags = options_.own_tags};
  TRY(auto report,
      add_to_tag(registry_, env_, repository, tag, document, SignatureDocument::entry_for(layer), shared));
  if (options_.own_tags && !options.replaced.empty())
    report.notes.push_back(
        "what was replaced has a tag of its own still, from which a later signer with "
        "--own-tags brings it back");
  return Stored{kind_.format, layer.digest, repository.text() + ":" + tag, bundle, std::move(report.notes)};
}

}  // namespace

std::unique_ptr<ArtifactStore> make_tag_store(remote::Registry& registry, const Env& env,
                                              TagOptions options) {
  return std::make_unique<TagStore>(signatures, registry, env, std::move(options));
}

std::unique_ptr<ArtifactStore> make_attestation_store(remote::Registry& registry, const Env& env,
                                                      TagOptions options) {
  return std::make_unique<TagStore>(attestations, registry, env, std::move(options));
}

}  // namespace sigstore::store
