#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/payload/statement.h"

namespace sigstore::payload {

namespace json = codec::json;

namespace {

constexpr std::string_view what = "the DSSE envelope";

Result<Bytes> need_bytes(const json::Object& object, std::string_view name, std::string_view where) {
  TRY(const auto text, json::need_string(object, name, where));
  auto bytes = codec::base64::decode_any(text);
  if (!bytes)
    return fail(bytes.error().wrap(std::string(where) + ": " + std::string(name) + " is not base64"));
  return bytes;
}

Result<Envelope::Signature> read_signature(const json::Value& value, std::string_view where) {
  TRY(const auto* object, json::need_object(value, where));
  Envelope::Signature out;
  TRY(out.sig, need_bytes(*object, "sig", where));
  TRY(out.keyid, json::optional_string(*object, "keyid", where));
  if (out.sig.empty()) return fail(Code::malformed, std::string(where) + " is empty");
  return out;
}

Result<std::vector<Envelope::Signature>> read_signatures(const json::Object& envelope) {
  TRY(const auto* array, json::optional_array(envelope, "signatures", what));
  if (array == nullptr || array->empty())
    return fail(Code::malformed, std::string(what) + " has no signature");
  if (array->size() > limits::envelope_signatures) {
    return fail(Code::too_large, std::string(what) + " has too many signatures");
  }
  std::vector<Envelope::Signature> out;
  for (const auto& element : *array) {
    const auto where = std::string(what) + ": signatures[" + std::to_string(out.size()) + "]";
    TRY(auto signature, read_signature(element, where));
    out.push_back(std::move(signature));
  }
  return out;
}

}  // namespace

Result<Envelope> Envelope::parse(std::string_view text) {
  json::ParseOptions options;
  options.max_bytes = limits::attachment_bytes;
  TRY(const auto document, json::parse(text, what, options));
  return from_json(document);
}

Result<Envelope> Envelope::from_json(const json::Value& value) {
  TRY(const auto* object, json::need_object(value, what));
  Envelope out;
  TRY(out.payload_type, json::need_string(*object, "payloadType", what));
  if (out.payload_type.empty()) return fail(Code::malformed, std::string(what) + " has an empty payloadType");
  TRY(const auto payload, need_bytes(*object, "payload", what));
  out.payload = to_text(payload);
  TRY(out.signatures, read_signatures(*object));
  return out;
}

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  std::string out = "DSSEv1 ";
  out += std::to_string(payload_type.size());
  out += ' ';
  out += payload_type;
  out += ' ';
  out += std::to_string(payload.size());
  out += ' ';
  out += payload;
  return out;
}

}  // namespace sigstore::payload
