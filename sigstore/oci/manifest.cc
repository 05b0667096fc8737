#include "sigstore/oci/manifest.h"

#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/oci/members.h"

namespace sigstore::oci {
namespace {

namespace json = codec::json;

constexpr std::array<std::string_view, 7> manifest_members = {
    "schemaVersion", "mediaType", "config", "layers", "annotations", "subject", "artifactType"};
constexpr std::array<std::string_view, 6> index_members = {"schemaVersion", "mediaType", "manifests",
                                                           "annotations",   "subject",   "artifactType"};
constexpr std::size_t most_layers = limits::layers_per_manifest * 4;

Result<json::Value> parse_document(std::string_view text, std::string_view what) {
  json::ParseOptions options;
  options.max_bytes = limits::manifest_bytes;
  options.max_values = limits::manifest_values;
  TRY(auto document, json::parse(text, what, options));
  TRY(const auto* object, json::need_object(document, what));
  const auto* version = object->find("schemaVersion");
  if (version != nullptr && *version != json::Value(2)) {
    return fail(Code::unsupported, std::string(what) + " has another schemaVersion than 2");
  }
  return document;
}

// A document with members of both kinds could be read as either.
Result<void> check_kind(const json::Object& object, std::string_view what, std::string_view foreign) {
  if (object.find(foreign) == nullptr) return {};
  return fail(Code::malformed, std::string(what) + " has a member that it may not have",
              std::string(foreign));
}

Result<std::vector<Descriptor>> read_descriptors(const json::Object& object, std::string_view name,
                                                 std::string_view what, std::size_t most) {
  TRY(const auto* array, json::optional_array(object, name, what));
  std::vector<Descriptor> out;
  if (array == nullptr) return out;
  if (array->size() > most) {
    return fail(Code::too_large,
                std::string(what) + " has more than " + std::to_string(most) + " " + std::string(name));
  }
  for (const auto& element : *array) {
    const auto place = std::string(what) + ": " + std::string(name) + "[" + std::to_string(out.size()) + "]";
    TRY(auto descriptor, Descriptor::from_json(element, place));
    out.push_back(std::move(descriptor));
  }
  return out;
}

Result<std::optional<Descriptor>> read_descriptor(const json::Object& object, std::string_view name,
                                                  std::string_view what) {
  const auto* value = object.find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  TRY(auto descriptor, Descriptor::from_json(*value, std::string(what) + ": " + std::string(name)));
  return std::optional(std::move(descriptor));
}

json::Array write_descriptors(const std::vector<Descriptor>& descriptors) {
  json::Array out;
  for (const auto& descriptor : descriptors) out.push_back(descriptor.to_json());
  return out;
}

}  // namespace

bool is_index(std::string_view media_type) {
  return media_type == media_type::oci_index || media_type == media_type::docker_index;
}

bool is_manifest(std::string_view media_type) {
  return media_type == media_type::oci_manifest || media_type == media_type::docker_manifest;
}

Result<Manifest> Manifest::parse(std::string_view text) {
  constexpr std::string_view what = "the manifest";
  TRY(const auto document, parse_document(text, what));
  const auto& object = *document.object();
  TRY_OK(check_kind(object, what, "manifests"));
  Manifest out;
  TRY(out.media_type, json::optional_string(object, "mediaType", what));
  if (is_index(out.media_type)) return fail(Code::malformed, "the manifest has the media type of an index");
  TRY(auto config, read_descriptor(object, "config", what));
  if (config) out.config = std::move(*config);
  TRY(out.layers, read_descriptors(object, "layers", what, most_layers));
  TRY(out.annotations, read_annotations(object, what));
  TRY(out.subject, read_descriptor(object, "subject", what));
  TRY(out.artifact_type, json::optional_string(object, "artifactType", what));
  out.extra = members_except(object, manifest_members);
  return out;
}

std::string Manifest::write() const {
  json::Object out;
  out.append("schemaVersion", 2);
  append_text(out, "mediaType", media_type);
  if (config != Descriptor()) out.append("config", config.to_json());
  out.append("layers", write_descriptors(layers));
  append_annotations(out, annotations);
  if (subject) out.append("subject", subject->to_json());
  append_text(out, "artifactType", artifact_type);
  append_members(out, extra);
  return json::write(out);
}

std::string Manifest::effective_artifact_type() const {
  if (!artifact_type.empty()) return artifact_type;
  return config.artifact_type.empty() ? config.media_type : config.artifact_type;
}

Result<Index> Index::parse(std::string_view text) {
  constexpr std::string_view what = "the index";
  TRY(const auto document, parse_document(text, what));
  const auto& object = *document.object();
  TRY_OK(check_kind(object, what, "layers"));
  TRY_OK(check_kind(object, what, "config"));
  Index out;
  TRY(out.media_type, json::optional_string(object, "mediaType", what));
  if (is_manifest(out.media_type)) return fail(Code::malformed, "the index has the media type of a manifest");
  TRY(out.manifests, read_descriptors(object, "manifests", what, limits::index_children));
  TRY(out.annotations, read_annotations(object, what));
  TRY(out.subject, read_descriptor(object, "subject", what));
  TRY(out.artifact_type, json::optional_string(object, "artifactType", what));
  out.extra = members_except(object, index_members);
  return out;
}

std::string Index::write() const {
  json::Object out;
  out.append("schemaVersion", 2);
  append_text(out, "mediaType", media_type);
  out.append("manifests", write_descriptors(manifests));
  append_annotations(out, annotations);
  if (subject) out.append("subject", subject->to_json());
  append_text(out, "artifactType", artifact_type);
  append_members(out, extra);
  return json::write(out);
}

Result<Descriptor> referrer_descriptor(std::string_view manifest_json, std::string_view media_type) {
  Descriptor out;
  out.media_type = media_type;
  out.digest = Digest::sha256(manifest_json);
  out.size = manifest_json.size();
  if (is_index(media_type)) {
    TRY(auto index, Index::parse(manifest_json));
    out.artifact_type = std::move(index.artifact_type);
    out.annotations = std::move(index.annotations);
    return out;
  }
  TRY(auto manifest, Manifest::parse(manifest_json));
  out.artifact_type = manifest.artifact_type.empty() ? manifest.config.media_type : manifest.artifact_type;
  out.annotations = std::move(manifest.annotations);
  return out;
}

std::string attachment_tag(const Digest& digest, std::string_view suffix, std::string_view prefix) {
  return std::string(prefix) + std::string(digest.algorithm()) + "-" + std::string(digest.hex()) +
         std::string(suffix);
}

}  // namespace sigstore::oci
