#include "sigstore/store/tag/tag_store.h"

#include "sigstore/store/fetch.h"
#include "sigstore/store/tag/signature_document.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

constexpr std::string_view suffix = ".sig";

class TagStore final : public ArtifactStore {
 public:
  TagStore(remote::Registry& registry, const Env& env, TagOptions options)
      : registry_(registry), env_(env), options_(std::move(options)) {}

  [[nodiscard]] Format format() const override { return Format::simple_signing; }
  Result<Listing> list(const oci::Repository& repository, const oci::Digest& subject,
                       const ListOptions& options) override;
  Result<Stored> put(const oci::Repository& repository, const oci::Descriptor& subject,
                     const bundle::Bundle& bundle) override;

 private:
  Result<void> load(const oci::Repository& repository, const std::string& location,
                    const std::vector<oci::Descriptor>& layers, Listing& listing);

  remote::Registry& registry_;
  const Env env_;
  const TagOptions options_;
};

// The layers that are signatures, and of these the newest.
std::vector<oci::Descriptor> choose(std::vector<oci::Descriptor> layers, std::size_t newest,
                                    Listing& listing) {
  const auto others = std::erase_if(layers, [](const oci::Descriptor& layer) {
    return layer.media_type != oci::media_type::simple_signing;
  });
  if (others != 0)
    listing.notes.push_back(std::to_string(others) + " of the layers under the .sig tag are no signatures");
  const std::size_t bound = newest != 0 ? newest : limits::layers_per_manifest;
  listing.truncated = layers.size() > bound;
  if (listing.truncated) layers.erase(layers.begin(), layers.end() - static_cast<std::ptrdiff_t>(bound));
  return layers;
}

Result<void> TagStore::load(const oci::Repository& repository, const std::string& location,
                            const std::vector<oci::Descriptor>& layers, Listing& listing) {
  auto payloads = fetch_blobs(registry_, repository, layers, options_.max_attachment);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    // A registry that does not answer is not the same as an entry that is damaged.
    if (!payloads[i] && is_lookup_failure(payloads[i].error().code)) return fail(payloads[i].error());
    auto bundle = payloads[i] ? bundle::from_layer(std::move(*payloads[i]), layers[i].annotations)
                              : Result<bundle::Bundle>(std::unexpected(payloads[i].error()));
    listing.entries.push_back({Format::simple_signing, layers[i].digest, location, std::move(bundle), {}});
  }
  return {};
}

Result<Listing> TagStore::list(const oci::Repository& repository, const oci::Digest& subject,
                               const ListOptions& options) {
  const std::string tag = oci::attachment_tag(subject, suffix, options_.prefix);
  const std::string location = repository.text() + ":" + tag;
  Listing listing;
  const auto content = registry_.manifest(repository, tag);
  if (!content) {
    TRY_OK(take_as_absent(registry_, repository, subject, tag, content.error(), listing.notes));
    return listing;
  }
  auto manifest = oci::Manifest::parse(content->bytes);
  if (!manifest) return fail(manifest.error().wrap("cannot read the signatures in " + location));
  if (options.go_on && !options.go_on()) {
    listing.stopped = true;
    return listing;
  }
  const auto layers = choose(std::move(manifest->layers), options.newest, listing);
  TRY_OK(load(repository, location, layers, listing));
  return listing;
}

Result<Stored> TagStore::put(const oci::Repository& repository, const oci::Descriptor& subject,
                             const bundle::Bundle& bundle) {
  const auto* content = std::get_if<bundle::SimpleSigningContent>(&bundle.content);
  if (content == nullptr)
    return fail(Code::invalid_argument, "a .sig tag holds simple signing payloads only");
  oci::Descriptor layer;
  layer.media_type = oci::media_type::simple_signing;
  layer.digest = oci::Digest::sha256(content->payload);
  layer.size = content->payload.size();
  layer.annotations = bundle::layer_annotations(bundle);
  TRY_OK(registry_.push_blob(repository, layer.digest, content->payload));

  const std::string tag = oci::attachment_tag(subject.digest, suffix, options_.prefix);
  SignatureDocument document(registry_, repository, options_.docker_media_types, options_.created);
  const SharedTagOptions shared{
      .immutable_hint = "--signature-format bundle",
      .refused_form = "a manifest under the tag " + tag,
      .refused_hint =
          "--signature-format bundle, or keep the signatures in a registry that takes them: "
          "COSIGN_REPOSITORY=REGISTRY/REPOSITORY",
      .own_tags = options_.own_tags};
  TRY(auto report,
      add_to_tag(registry_, env_, repository, tag, document, SignatureDocument::entry_for(layer), shared));
  return Stored{Format::simple_signing, layer.digest, repository.text() + ":" + tag, bundle,
                std::move(report.notes)};
}

}  // namespace

std::unique_ptr<ArtifactStore> make_tag_store(remote::Registry& registry, const Env& env,
                                              TagOptions options) {
  return std::make_unique<TagStore>(registry, env, std::move(options));
}

}  // namespace sigstore::store
