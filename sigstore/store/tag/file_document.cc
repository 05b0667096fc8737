#include "sigstore/store/tag/file_document.h"

#include "sigstore/codec/rfc3339.h"

namespace sigstore::store {

namespace json = codec::json;

namespace {

constexpr const char* year_one = "0001-01-01T00:00:00Z";

}  // namespace

std::string config_for(const std::vector<oci::Descriptor>& layers, const std::optional<Time>& created) {
  json::Array history, diff_ids;
  for (const oci::Descriptor& layer : layers) {
    history.push_back(json::Object{{"created", year_one}});
    diff_ids.push_back(layer.digest.text());
  }
  return json::write(
      json::Object{{"architecture", ""},
                   {"created", created ? codec::rfc3339::seconds(*created) : std::string(year_one)},
                   {"history", std::move(history)},
                   {"os", ""},
                   {"rootfs", json::Object{{"type", "layers"}, {"diff_ids", std::move(diff_ids)}}},
                   {"config", json::Object{}}});
}

FileDocument make_file_document(oci::Descriptor layer, oci::Annotations annotations) {
  FileDocument out;
  out.manifest.layers.push_back(std::move(layer));
  out.manifest.media_type = oci::media_type::oci_manifest;
  out.manifest.annotations = std::move(annotations);
  set_config(out, oci::media_type::oci_config, config_for(out.manifest.layers, std::nullopt));
  return out;
}

void set_config(FileDocument& document, std::string_view media_type, std::string_view config) {
  document.config = config;
  document.manifest.config.media_type = media_type;
  document.manifest.config.digest = oci::Digest::sha256(config);
  document.manifest.config.size = config.size();
}

}  // namespace sigstore::store
