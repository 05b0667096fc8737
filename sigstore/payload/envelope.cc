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

// All but the payload is read from a text without it.
Result<Envelope> Envelope::parse(std::string text) {
  json::ParseOptions options;
  options.max_bytes = limits::attachment_bytes;
  TRY(const auto scanned, json::scan(text, what, {"payload"}, options));
  const json::Span* payload = scanned.find("payload");
  if (scanned.root.kind == json::Kind::object && payload == nullptr)
    return fail(Code::malformed, std::string(what) + ": payload is missing");
  TRY(const auto document, json::parse(payload == nullptr ? text : payload->cut(text, "null"), what));
  TRY(const auto* object, json::need_object(document, what));
  Envelope out;
  TRY(out.payload_type, json::need_string(*object, "payloadType", what));
  if (out.payload_type.empty()) return fail(Code::malformed, std::string(what) + " has an empty payloadType");
  TRY(out.signatures, read_signatures(*object));
  TRY_OK(decode_member(text, *payload, std::string(what) + ": payload"));
  out.payload = std::move(text);
  return out;
}

Result<void> decode_member(std::string& text, const json::Span& member, std::string_view where) {
  if (member.kind != json::Kind::string)
    return fail(Code::malformed, std::string(where) + " is not a string");
  std::string_view encoded = member.in(text);
  std::string plain;
  if (encoded.contains('\\'))
    encoded = plain = json::unquoted(encoded);
  else
    encoded = encoded.substr(1, encoded.size() - 2);
  const auto size = codec::base64::decode_any_into(encoded, reinterpret_cast<std::uint8_t*>(text.data()));
  if (!size) return fail(size.error().wrap(std::string(where) + " is not base64"));
  text.resize(*size);
  return {};
}

std::string pre_authentication_head(std::string_view payload_type, std::size_t payload_size) {
  std::string out = "DSSEv1 ";
  out += std::to_string(payload_type.size());
  out += ' ';
  out += payload_type;
  out += ' ';
  out += std::to_string(payload_size);
  out += ' ';
  return out;
}

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  std::string out = pre_authentication_head(payload_type, payload.size());
  out += payload;
  return out;
}

Result<void> write_envelope(std::string_view payload_type, std::string_view payload, BytesView signature,
                            const std::function<Result<void>(std::string_view)>& sink) {
  constexpr std::size_t piece = 3 * 64 * limits::kib;  // whole groups: no padding in between
  TRY_OK(sink("{\"payload\":\""));
  for (std::size_t at = 0; at < payload.size(); at += piece)
    TRY_OK(sink(codec::base64::encode(as_bytes(payload.substr(at, piece)))));
  const json::Array signatures{json::Object{{"sig", codec::base64::encode(signature)}}};
  return sink("\",\"payloadType\":" + json::write_plain(payload_type) +
              ",\"signatures\":" + json::write_plain(signatures) + "}");
}

std::string write_envelope(std::string_view payload_type, std::string_view payload, BytesView signature) {
  std::string out;
  out.reserve(payload.size() / 3 * 4 + payload_type.size() + 2 * signature.size() + 100);
  (void)write_envelope(payload_type, payload, signature, [&](std::string_view text) -> Result<void> {
    out += text;
    return {};
  });
  return out;
}

}  // namespace sigstore::payload
