// SCTs that come beside their certificate.
#include <charconv>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/crypto/x509/sct.h"

namespace sigstore::crypto::x509 {

namespace json = codec::json;

namespace {

std::unexpected<Error> malformed(std::string_view what, std::string cause) {
  return fail(Code::malformed, std::string(what) + " is not a signed certificate timestamp",
              std::move(cause));
}

Result<std::uint64_t> number_of(const json::Value& object, std::string_view key) {
  const auto* value = object.get(key);
  const auto* number = value == nullptr ? nullptr : value->number();
  if (number == nullptr) return fail(Code::malformed, std::string(key) + " is missing, or no number");
  std::uint64_t out = 0;
  const auto* end = number->text.data() + number->text.size();
  if (const auto [stop, error] = std::from_chars(number->text.data(), end, out);
      error != std::errc() || stop != end)
    return fail(Code::malformed, std::string(key) + " is not a whole number");
  return out;
}

Result<Bytes> bytes_of(const json::Value& object, std::string_view key) {
  const auto* value = object.get(key);
  const auto* text = value == nullptr ? nullptr : value->string();
  if (text == nullptr) return fail(Code::malformed, std::string(key) + " is missing, or no text");
  auto out = codec::base64::decode(*text);
  if (!out) return fail(Code::malformed, std::string(key) + " is not base64");
  return out;
}

// What add-chain answers (RFC 6962, 4.1), as the bytes of the other form: there is one reader of it.
Result<Bytes> tls_of(const json::Value& answer) {
  TRY(const auto version, number_of(answer, "sct_version"));
  if (version > 255) return fail(Code::malformed, "sct_version is too large");
  TRY(const Bytes log_id, bytes_of(answer, "id"));
  if (log_id.size() != 32) return fail(Code::malformed, "id is not 32 bytes");
  TRY(const auto at, number_of(answer, "timestamp"));
  TRY(const Bytes extensions, bytes_of(answer, "extensions"));
  if (extensions.size() > 0xFFFF) return fail(Code::malformed, "extensions are too long");
  TRY(const Bytes signature, bytes_of(answer, "signature"));
  Bytes out{static_cast<std::uint8_t>(version)};
  out.insert(out.end(), log_id.begin(), log_id.end());
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(at >> shift));
  out.push_back(static_cast<std::uint8_t>(extensions.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(extensions.size()));
  out.insert(out.end(), extensions.begin(), extensions.end());
  out.insert(out.end(), signature.begin(), signature.end());
  return out;
}

}  // namespace

Result<Sct> read_detached_sct(std::string_view content, std::string_view what) {
  if (content.size() > limits::certificate_bytes)
    return fail(Code::too_large, std::string(what) + " is too large for a signed certificate timestamp");
  const auto start = content.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return malformed(what, "it is empty");
  Result<Bytes> tls = to_bytes(content);
  if (content[start] == '{') {
    auto answer = json::parse(content, what);
    if (!answer) return malformed(what, answer.error().text());
    tls = tls_of(*answer);
  } else if (content[0] != 0) {  // not the version of the bytes themselves
    tls = codec::base64::decode_lines(content);
  }
  if (!tls) return malformed(what, tls.error().text());
  auto sct = parse_sct(*tls);
  if (!sct) return fail(sct.error().wrap(std::string(what) + " is not a signed certificate timestamp"));
  return sct;
}

}  // namespace sigstore::crypto::x509
