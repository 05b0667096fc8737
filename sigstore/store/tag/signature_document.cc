#include "sigstore/store/tag/signature_document.h"

#include <algorithm>

#include "sigstore/store/tag/file_document.h"

namespace sigstore::store {
namespace {

namespace json = codec::json;
namespace media_type = oci::media_type;

Result<oci::Manifest> parse(std::string_view bytes) {
  auto manifest = oci::Manifest::parse(bytes);
  if (!manifest)
    return fail(manifest.error().wrap("the tag does not hold what it should: signatures or attestations"));
  return manifest;
}

}  // namespace

SignatureDocument::SignatureDocument(remote::Registry& registry, const oci::Repository& repository,
                                     bool docker_media_types, std::optional<Time> created,
                                     std::set<oci::Digest> replaced)
    : registry_(registry),
      repository_(repository),
      docker_media_types_(docker_media_types),
      created_(created),
      replaced_(std::move(replaced)) {}

TagEntry SignatureDocument::entry_for(const oci::Descriptor& layer) {
  json::Value value = layer.to_json();
  std::string key = json::write(value);
  return {std::move(key), std::move(value)};
}

Result<std::vector<TagEntry>> SignatureDocument::entries(const remote::ManifestContent& current) const {
  TRY(const auto manifest, parse(current.bytes));
  std::vector<TagEntry> entries;
  for (const oci::Descriptor& layer : manifest.layers)
    if (!replaced_.contains(layer.digest)) entries.push_back(entry_for(layer));
  return entries;
}

// A tag that does not exist yet.
json::Value SignatureDocument::empty() const {
  const std::string type(docker_media_types_ ? media_type::docker_manifest : media_type::oci_manifest);
  return json::Object{
      {"schemaVersion", 2}, {"mediaType", type}, {"config", json::Object{}}, {"layers", json::Array{}}};
}

// The image config for all layers, uploaded; what the document says of it.
Result<json::Value> SignatureDocument::push_config(const std::string& type, const json::Array& layers) {
  std::vector<oci::Descriptor> descriptors;
  for (const json::Value& layer : layers) {
    TRY(auto descriptor, oci::Descriptor::from_json(layer, "layer"));
    descriptors.push_back(std::move(descriptor));
  }
  const std::string text = config_for(descriptors, created_);
  oci::Descriptor config;
  config.media_type = type;
  config.digest = oci::Digest::sha256(text);
  config.size = text.size();
  TRY_OK(registry_.push_blob(repository_, config.digest, text));
  return config.to_json();
}

// The document is edited, not written anew: members and their order are others' business.
Result<Draft> SignatureDocument::append(const remote::ManifestContent* current,
                                        const std::vector<TagEntry>& added) {
  json::Value document = empty();
  std::string type(docker_media_types_ ? media_type::docker_manifest : media_type::oci_manifest);
  std::string config_type(docker_media_types_ ? media_type::docker_config : media_type::oci_config);
  if (current != nullptr) {
    TRY(const auto manifest, parse(current->bytes));
    TRY(document, json::parse(current->bytes, "the manifest of the tag"));
    type = current->descriptor.media_type;
    config_type = manifest.config.media_type;
  }
  json::Value* layers = document.object()->find("layers");
  if (layers == nullptr || layers->array() == nullptr)
    return fail(Code::malformed, "the tag does not hold what it should: signatures or attestations",
                "its manifest has no layers");
  std::erase_if(*layers->array(), [&](const json::Value& layer) {
    const auto* digest = layer.get("digest");
    return std::ranges::any_of(replaced_, [&](const oci::Digest& replaced) {
      return digest != nullptr && *digest == json::Value(replaced.text());
    });
  });
  for (const TagEntry& entry : added) layers->array()->push_back(entry.json);
  TRY(auto config, push_config(config_type, *layers->array()));
  document.object()->set("config", std::move(config));
  return Draft{std::move(type), json::write(document)};
}

}  // namespace sigstore::store
