#include "sigstore/store/tag/tag_store.h"

#include <algorithm>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/store/shared_tag.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

constexpr std::string_view suffix = ".sig";
constexpr const char* year_one = "0001-01-01T00:00:00Z";

// The image config that stands under the layers (cosign.md 2c): a real one, with nothing in it.
std::string config_for(const std::vector<oci::Descriptor>& layers, const std::optional<Time>& created) {
  const std::string time = created ? codec::rfc3339::seconds(*created) : year_one;
  codec::json::Array history, diff_ids;
  for (const oci::Descriptor& layer : layers) {
    history.push_back(codec::json::Object{{"created", year_one}});
    diff_ids.push_back(layer.digest.text());
  }
  return codec::json::write(codec::json::Object{
      {"architecture", ""},
      {"created", time},
      {"history", std::move(history)},
      {"os", ""},
      {"rootfs", codec::json::Object{{"type", "layers"}, {"diff_ids", std::move(diff_ids)}}},
      {"config", codec::json::Object{}}});
}

// The manifest under a `.sig` tag: a layer per signature.
class SignatureDocument final : public TagDocument {
 public:
  SignatureDocument(remote::Registry& registry, const oci::Repository& repository, const TagOptions& options)
      : registry_(registry), repository_(repository), options_(options) {}

  Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const override {
    TRY(const auto manifest, oci::Manifest::parse(current.bytes));
    std::vector<TagEntry> entries;
    for (const oci::Descriptor& layer : manifest.layers) entries.push_back(entry_for(layer));
    return entries;
  }

  Result<Draft> append(const remote::ManifestContent* current, const std::vector<TagEntry>& added) override {
    oci::Manifest manifest;
    manifest.media_type =
        options_.docker_media_types ? oci::media_type::docker_manifest : oci::media_type::oci_manifest;
    manifest.config.media_type =
        options_.docker_media_types ? oci::media_type::docker_config : oci::media_type::oci_config;
    if (current != nullptr) {
      TRY(manifest, oci::Manifest::parse(current->bytes));
    }
    for (const TagEntry& entry : added) {
      TRY(auto layer, oci::Descriptor::from_json(entry.json, "signature layer"));
      manifest.layers.push_back(std::move(layer));
    }
    const std::string config = config_for(manifest.layers, options_.created);
    manifest.config.digest = oci::Digest::sha256(config);
    manifest.config.size = config.size();
    TRY_OK(registry_.push_blob(repository_, manifest.config.digest, config));
    const std::string type = current != nullptr ? current->descriptor.media_type : manifest.media_type;
    return Draft{type, manifest.write()};
  }

  static TagEntry entry_for(const oci::Descriptor& layer) {
    codec::json::Value json = layer.to_json();
    std::string key = codec::json::write(json);
    return {std::move(key), std::move(json)};
  }

 private:
  remote::Registry& registry_;
  const oci::Repository& repository_;
  const TagOptions& options_;
};

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
  Result<bundle::Bundle> read_layer(const oci::Repository& repository, const oci::Descriptor& layer,
                                    std::size_t& budget);
  Result<Listing> absent(const oci::Repository& repository, const oci::Digest& subject, const Error& error);

  remote::Registry& registry_;
  const Env env_;
  const TagOptions options_;
};

// Some registries hide absent tags behind 401 or 403. Who can read the image can read its signatures.
Result<Listing> TagStore::absent(const oci::Repository& repository, const oci::Digest& subject,
                                 const Error& error) {
  Listing listing;
  if (error.code == Code::not_found) return listing;
  if (error.code != Code::unauthorized && error.code != Code::forbidden) return fail(error);
  oci::Reference image;
  image.repository = repository;
  image.digest = subject;
  if (!registry_.resolve(image)) return fail(error);
  listing.notes.push_back(
      "the registry refuses to say whether there is a .sig tag, but gives the image; the tag is "
      "taken as absent");
  return listing;
}

Result<bundle::Bundle> TagStore::read_layer(const oci::Repository& repository, const oci::Descriptor& layer,
                                            std::size_t& budget) {
  if (layer.size > budget)
    return fail(Code::too_large, "the payloads of the .sig tag are too large together");
  budget -= layer.size;
  TRY(auto payload, registry_.blob(repository, layer, options_.max_attachment));
  return bundle::from_layer(std::move(payload), layer.annotations);
}

Result<Listing> TagStore::list(const oci::Repository& repository, const oci::Digest& subject,
                               const ListOptions& options) {
  const std::string tag = oci::attachment_tag(subject, suffix, options_.prefix);
  const auto content = registry_.manifest(repository, tag);
  if (!content) return absent(repository, subject, content.error());
  TRY(auto manifest, oci::Manifest::parse(content->bytes));
  std::erase_if(manifest.layers, [](const oci::Descriptor& layer) {
    return layer.media_type != oci::media_type::simple_signing;
  });
  Listing listing;
  if (options.go_on && !options.go_on()) {
    listing.stopped = true;
    return listing;
  }
  const std::size_t bound = options.newest != 0 ? options.newest : limits::layers_per_manifest;
  const std::size_t first = manifest.layers.size() > bound ? manifest.layers.size() - bound : 0;
  listing.truncated = first != 0;
  std::size_t budget = options_.max_attachment;
  for (std::size_t i = first; i < manifest.layers.size(); ++i) {
    const oci::Descriptor& layer = manifest.layers[i];
    auto bundle = read_layer(repository, layer, budget);
    // A registry that does not answer is not the same as an entry that is damaged.
    if (!bundle && is_lookup_failure(bundle.error().code)) return fail(bundle.error());
    listing.entries.push_back(
        {Format::simple_signing, layer.digest, repository.text() + ":" + tag, std::move(bundle), {}});
  }
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
  SignatureDocument document(registry_, repository, options_);
  TRY(auto report,
      add_to_tag(registry_, env_, repository, tag, document, SignatureDocument::entry_for(layer),
                 {.immutable_hint = "--signature-format bundle", .own_tags = options_.own_tags}));
  return Stored{Format::simple_signing, layer.digest, repository.text() + ":" + tag, bundle,
                std::move(report.notes)};
}

}  // namespace

std::unique_ptr<ArtifactStore> make_tag_store(remote::Registry& registry, const Env& env,
                                              TagOptions options) {
  return std::make_unique<TagStore>(registry, env, std::move(options));
}

}  // namespace sigstore::store
