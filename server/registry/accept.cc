#include "server/registry/accept.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace server::registry {

namespace json = sigstore::codec::json;
namespace oci = sigstore::oci;

namespace {

std::unexpected<Failure> invalid(std::string message, std::string detail) {
  return refuse(400, "MANIFEST_INVALID", std::move(message), std::move(detail));
}

std::string without_parameters(const std::string& content_type) {
  const std::string type = content_type.substr(0, content_type.find(';'));
  return type.substr(0, type.find_last_not_of(" \t") + 1);
}

// For a push without a Content-Type.
Or<std::string> own_type(const std::string& bytes) {
  const auto document = json::parse(bytes, "the manifest");
  if (!document) return invalid("this is no manifest", document.error().text());
  const json::Value* type = document->get("mediaType");
  if (type == nullptr || type->string() == nullptr) return invalid("its Content-Type is missing", {});
  return *type->string();
}

Or<Pushed> read_image(const std::string& bytes) {
  auto manifest = oci::Manifest::parse(bytes);
  if (!manifest) return invalid("this is no manifest", manifest.error().text());
  Pushed pushed{.media_type = std::move(manifest->media_type), .subject = std::move(manifest->subject)};
  if (manifest->config != oci::Descriptor()) pushed.blobs.push_back(std::move(manifest->config));
  for (auto& layer : manifest->layers)
    (is_foreign(layer) ? pushed.elsewhere : pushed.blobs).push_back(std::move(layer));
  return pushed;
}

Or<Pushed> read_index(const std::string& bytes) {
  auto index = oci::Index::parse(bytes);
  if (!index) return invalid("this is no index", index.error().text());
  return Pushed{.media_type = std::move(index->media_type),
                .children = std::move(index->manifests),
                .subject = std::move(index->subject)};
}

}  // namespace

bool is_foreign(const oci::Descriptor& layer) {
  return layer.extra.find("urls") != nullptr ||
         layer.media_type.starts_with("application/vnd.oci.image.layer.nondistributable.") ||
         layer.media_type.starts_with("application/vnd.docker.image.rootfs.foreign.");
}

Or<Pushed> read_pushed(const std::string& content_type, const std::string& bytes) {
  std::string type = without_parameters(content_type);
  if (type.empty()) {
    TRY(type, own_type(bytes));
  }
  if (!oci::is_manifest(type) && !oci::is_index(type)) return invalid("not a type of manifest", type);
  TRY(Pushed pushed, oci::is_index(type) ? read_index(bytes) : read_image(bytes));
  if (!pushed.media_type.empty() && pushed.media_type != type)
    return invalid("its mediaType is not its Content-Type", type);
  pushed.media_type = std::move(type);
  return pushed;
}

}  // namespace server::registry
