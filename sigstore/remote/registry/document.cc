#include "sigstore/remote/registry/document.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/json.h"
#include "sigstore/oci/manifest.h"

namespace sigstore::remote {
namespace json = codec::json;
namespace {

constexpr std::array<std::string_view, 4> saying_nothing = {"", "application/json", "text/plain",
                                                            "application/octet-stream"};

bool says_nothing(std::string_view type) {
  return std::ranges::find(saying_nothing, type) != saying_nothing.end();
}

bool is_schema_1(std::string_view type) {
  return type.starts_with("application/vnd.docker.distribution.manifest.v1+");
}

std::unexpected<Error> contradiction(const std::string& subject, const std::string& one,
                                     const std::string& other) {
  return fail(Code::mismatch, "the registry's answer for " + subject + " contradicts itself",
              "it is sent as " + one + ", and the document is " + other);
}

// Where header and document both name a type.
Result<std::string> agreed(const std::string& header, const std::string& named, const std::string& subject) {
  const bool same_kind = (oci::is_index(header) && oci::is_index(named)) ||
                         (oci::is_manifest(header) && oci::is_manifest(named));
  if (header == named || same_kind) return named;
  return contradiction(subject, header, named);
}

}  // namespace

std::string media_type_of(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  std::ranges::transform(type, type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type;
}

Result<std::string> document_media_type(std::string_view content_type, std::string_view bytes,
                                        const std::string& subject) {
  const std::string header = media_type_of(content_type);
  if (is_schema_1(header))
    return fail(Code::unsupported, subject + " is in Docker's schema 1, which no current program reads",
                header, "push the image again with a current docker or podman");
  TRY(const auto document,
      json::parse(bytes, subject, {.max_depth = limits::json_depth, .max_bytes = limits::manifest_bytes}));
  TRY(const json::Object* object, json::need_object(document, subject));
  TRY(const std::string named, json::optional_string(*object, "mediaType", subject));
  const bool list = object->find("manifests") != nullptr;
  const bool image = object->find("layers") != nullptr || object->find("config") != nullptr;
  if (list && image) return fail(Code::malformed, subject + " claims to be an index and a manifest at once");

  std::string type = says_nothing(header) ? named : header;
  if (!named.empty() && !says_nothing(header)) {
    TRY(type, agreed(header, named, subject));
  }
  if (type.empty() && list) type = oci::media_type::oci_index;
  if (type.empty() && image) type = oci::media_type::oci_manifest;
  if (type.empty()) return fail(Code::malformed, subject + " is neither an image manifest nor an index");
  if (oci::is_index(type) && image) return contradiction(subject, type, "a manifest");
  if (oci::is_manifest(type) && list) return contradiction(subject, type, "an index");
  return type;
}

}  // namespace sigstore::remote
