#include "sigstore/payload/simple_signing.h"

namespace sigstore::payload {

namespace json = codec::json;

namespace {

constexpr std::string_view what = "the simple signing payload";

Result<const json::Object*> member_object(const json::Object& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value != nullptr && value->object() != nullptr) return value->object();
  return fail(Code::malformed, std::string(what) + " has no " + std::string(name));
}

Result<oci::Digest> read_digest(const json::Object& critical) {
  TRY(const auto* image, member_object(critical, "image"));
  TRY(const auto text, json::need_string(*image, "docker-manifest-digest", what));
  auto digest = oci::Digest::parse(text);
  if (!digest) return fail(digest.error().wrap(std::string(what) + " has a bad docker-manifest-digest"));
  return digest;
}

}  // namespace

Result<SimpleSigning> SimpleSigning::parse(std::string_view payload) {
  TRY(const auto document, json::parse(payload, what));
  TRY(const auto* object, json::need_object(document, what));
  TRY(const auto* critical, member_object(*object, "critical"));
  SimpleSigning out;
  TRY(out.manifest_digest, read_digest(*critical));
  TRY(out.type, json::optional_string(*critical, "type", what));
  TRY(const auto* identity, json::optional_object(*critical, "identity", what));
  if (identity != nullptr) {
    TRY(out.docker_reference, json::optional_string(*identity, "docker-reference", what));
  }
  TRY(const auto* optional, json::optional_object(*object, "optional", what));
  if (optional != nullptr) out.optional = *optional;
  out.has_optional = optional != nullptr;
  return out;
}

std::string write_simple_signing(std::string_view docker_reference, const oci::Digest& digest,
                                 const oci::Annotations& annotations) {
  json::Object optional;
  for (const auto& [name, value] : annotations) optional.append(name, value);
  const json::Object critical{{"identity", json::Object{{"docker-reference", docker_reference}}},
                              {"image", json::Object{{"docker-manifest-digest", digest.text()}}},
                              {"type", simple_signing_type}};
  return json::write(
      json::Object{{"critical", critical},
                   {"optional", annotations.empty() ? json::Value(nullptr) : json::Value(optional)}});
}

}  // namespace sigstore::payload
