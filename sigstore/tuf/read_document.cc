// The frame of a document (4.2), and what all roles have in it (4.3).
#include <algorithm>
#include <set>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/olpc_json.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/proto_fields.h"
#include "sigstore/tuf/internal/reading.h"

namespace sigstore::tuf::internal {
namespace {

std::string member(std::string_view what, std::string_view key) {
  return std::string(what) + ": " + codec::printable(key).substr(0, 256);
}

std::unexpected<Error> wrong_type(std::string_view what, std::string_view key, std::string_view wanted) {
  return fail(Code::malformed, member(what, key) + " is not " + std::string(wanted));
}

Result<const json::Value*> need(const json::Object& object, std::string_view key, std::string_view what) {
  if (const auto* value = object.find(key)) return value;
  return fail(Code::malformed, member(what, key) + " is missing");
}

// One that nobody has made yet is empty: tuf-on-ci writes such. What is not hexadecimal is no signature
// either.
Result<Signature> read_signature(const json::Value& value, std::string_view what) {
  TRY(const auto* object, json::need_object(value, what));
  Signature signature;
  TRY(signature.key_id, json::need_string(*object, "keyid", what));
  TRY(const auto text, json::need_string(*object, "sig", what));
  signature.signature = codec::hex::decode(text).value_or(Bytes());
  return signature;
}

// 4.2.1: "multiple signatures with the same keyid are not allowed".
Result<std::vector<Signature>> read_signatures(const json::Object& document, std::string_view what) {
  TRY(const auto* array, need_array(document, "signatures", what));
  TRY_OK(check_count(array->size(), limits::tuf_keys, member(what, "signatures")));
  std::vector<Signature> signatures;
  std::set<std::string_view> ids;
  signatures.reserve(array->size());
  for (const auto& value : *array) {
    TRY(auto signature, read_signature(value, member(what, "signatures")));
    signatures.push_back(std::move(signature));
    if (!ids.insert(signatures.back().key_id).second)
      return fail(Code::malformed, member(what, "signatures") + " has two by one key id",
                  codec::printable(signatures.back().key_id).substr(0, 128));
  }
  return signatures;
}

// Semantic versioning, of which the major number counts. Sigstore's own metadata has no third number.
Result<void> check_spec_version(const std::string& version, std::string_view what) {
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.size() <= 9 &&
           part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  std::size_t parts = 0;
  bool good = true;
  for (std::string_view rest = version;; ++parts) {
    const auto dot = rest.find('.');
    good = good && is_number(rest.substr(0, dot));
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (!good || parts < 1 || parts > 2)
    return fail(Code::malformed, member(what, "spec_version") + " is not a version",
                codec::printable(version).substr(0, 64));
  if (!version.starts_with("1."))
    return fail(Code::unsupported, std::string(what) + " is of another version of TUF",
                "its spec_version is " + version + ", and 1 is what is known here");
  return {};
}

}  // namespace

const json::Object& Envelope::body() const {
  return *document.get("signed")->object();
}

Result<const json::Object*> need_object(const json::Object& object, std::string_view key,
                                        std::string_view what) {
  TRY(const auto* value, need(object, key, what));
  if (value->object() == nullptr) return wrong_type(what, key, "an object");
  return value->object();
}

Result<const json::Array*> need_array(const json::Object& object, std::string_view key,
                                      std::string_view what) {
  TRY(const auto* value, need(object, key, what));
  if (value->array() == nullptr) return wrong_type(what, key, "an array");
  return value->array();
}

Result<bool> need_boolean(const json::Object& object, std::string_view key, std::string_view what) {
  TRY(const auto* value, need(object, key, what));
  if (value->boolean() == nullptr) return wrong_type(what, key, "a boolean");
  return *value->boolean();
}

Result<std::uint64_t> need_positive(const json::Object& object, std::string_view key, std::string_view what) {
  TRY(const auto* value, need(object, key, what));
  const auto number = value->to_uint64();
  if (!number || *number == 0) return wrong_type(what, key, "an integer above 0");
  return *number;
}

Result<std::vector<std::string>> read_strings(const json::Array& array, std::string_view what) {
  std::vector<std::string> out;
  out.reserve(array.size());
  for (const auto& value : array) {
    if (value.string() == nullptr)
      return fail(Code::malformed, std::string(what) + " has what is not a string");
    out.push_back(*value.string());
  }
  return out;
}

Result<void> check_count(std::size_t count, std::size_t most, std::string_view what) {
  if (count <= most) return {};
  return fail(Code::too_large, std::string(what) + " are too many",
              std::to_string(count) + ", and at most " + std::to_string(most) + " are taken");
}

Result<Envelope> read_envelope(std::string_view text, std::string_view type, std::string_view what) {
  Envelope envelope;
  TRY(envelope.document, json::parse(text, what));
  TRY(const auto* outer, json::need_object(envelope.document, what));
  TRY(const auto* body, need_object(*outer, "signed", what));
  TRY(const auto found, json::need_string(*body, "_type", what));
  if (found != type)
    return fail(Code::malformed, std::string(what) + " is not metadata of the type " + std::string(type),
                "its type is " + codec::printable(found).substr(0, 64));
  TRY(envelope.signatures, read_signatures(*outer, what));
  auto canonical = codec::json::write_olpc(*outer->find("signed"));
  if (!canonical) return fail(canonical.error().wrap(member(what, "signed") + " cannot have been signed"));
  envelope.signed_bytes = std::move(*canonical);
  return envelope;
}

Result<Common> read_common(const json::Object& body, std::string_view what) {
  Common common;
  TRY(common.spec_version, json::need_string(body, "spec_version", what));
  TRY_OK(check_spec_version(common.spec_version, what));
  TRY(common.version, need_positive(body, "version", what));
  TRY(const auto expires, json::need_string(body, "expires", what));
  const auto time = codec::proto_json::parse_timestamp(expires);
  if (!time) return fail(time.error().wrap(member(what, "expires") + " is not a time"));
  common.expires = *time;
  return common;
}

}  // namespace sigstore::tuf::internal
