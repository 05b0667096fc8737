#include "sigstore/bundle/material.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/pem.h"

namespace sigstore::bundle {
namespace {

namespace json = codec::json;
constexpr std::string_view certificate_label = "CERTIFICATE";
constexpr const char* timestamp_member = "SignedRFC3161Timestamp";

// What stands in the place of a `thing`, as far as it shows.
std::string looks_like(std::string_view content, std::string_view forms) {
  if (content.starts_with('{') || content.starts_with('['))
    return content.contains("\"mediaType\"") ? "it is a bundle, or another document of sigstore"
                                             : "it is JSON";
  return std::string(is_text(content) ? "it is a text, " : "it is ") + std::string(forms);
}
constexpr std::string_view certificate_forms = "neither PEM nor DER";
constexpr std::string_view timestamp_forms = "not what an authority answers";

Result<void> is_one_sequence(BytesView der, std::string_view what, std::string_view thing,
                             std::string_view forms) {
  if (der.empty()) return fail(Code::malformed, std::string(what) + " is empty");
  codec::der::Reader reader(der);
  if (auto found = reader.expect(codec::der::sequence); !found || !reader.finish())
    return fail(Code::malformed, std::string(what) + " is no " + std::string(thing),
                looks_like(as_text(der), forms));
  return {};
}

Result<void> is_certificate(BytesView der, std::string_view what) {
  return is_one_sequence(der, what, "certificate", certificate_forms);
}

Result<std::vector<Bytes>> from_pem(std::string_view text, std::string_view what, std::size_t most) {
  TRY(auto blocks, codec::pem::parse(text, what));
  std::vector<Bytes> out;
  for (auto& block : blocks) {
    if (block.label != certificate_label)
      return fail(Code::malformed, std::string(what) + " is not a certificate",
                  "it is PEM of type " + json::quote(block.label.substr(0, 64)));
    if (out.size() == most)
      return fail(Code::too_large, std::string(what) + " has too many certificates",
                  "more than " + std::to_string(most));
    TRY_OK(is_certificate(block.body, what));
    out.push_back(std::move(block.body));
  }
  return out;
}

}  // namespace

bool is_text(std::string_view content) {
  return std::ranges::all_of(
      content, [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t'; });
}

Result<Bytes> read_signature(std::string_view content, std::string_view what) {
  if (content.size() > limits::key_file_bytes)
    return fail(Code::too_large, std::string(what) + " is too large for a signature");
  auto decoded = codec::base64::decode_lines(content);
  if (decoded && decoded->empty()) return fail(Code::malformed, std::string(what) + " is empty");
  if (decoded) return decoded;
  if (is_text(content))
    return fail(Code::malformed, std::string(what) + " is no signature", "it is a text that is not base64");
  return to_bytes(content);
}

Result<std::vector<Bytes>> read_certificates(std::string_view content, std::string_view what,
                                             std::size_t most) {
  if (content.size() > limits::pem_bytes)
    return fail(Code::too_large, std::string(what) + " is too large for certificates");
  if (content.contains("-----BEGIN")) return from_pem(content, what, most);
  if (const auto decoded = codec::base64::decode_lines(content); decoded && !decoded->empty()) {
    const auto text = as_text(*decoded);
    if (text.contains("-----BEGIN")) return from_pem(text, what, most);
    TRY_OK(is_certificate(*decoded, what));
    return std::vector<Bytes>{*decoded};
  }
  TRY_OK(is_certificate(as_bytes(content), what));
  return std::vector<Bytes>{to_bytes(content)};
}

Result<Bytes> read_timestamp(std::string_view content, std::string_view what) {
  if (content.size() > limits::pem_bytes)
    return fail(Code::too_large, std::string(what) + " is too large for a timestamp");
  Bytes response;
  if (content.starts_with('{')) {
    TRY(const auto document, json::parse(content, what));
    TRY(const auto* object, json::need_object(document, what));
    if (object->find(timestamp_member) == nullptr)
      return fail(Code::malformed, std::string(what) + " is no timestamp",
                  object->find("mediaType") != nullptr
                      ? "it is a bundle, or another document of sigstore"
                      : "it is JSON without " + std::string(timestamp_member));
    TRY(const auto encoded, json::need_string(*object, timestamp_member, what));
    TRY(response, codec::base64::decode(encoded));
  } else {
    response = to_bytes(content);
  }
  TRY_OK(is_one_sequence(response, what, "timestamp", timestamp_forms));
  return response;
}

}  // namespace sigstore::bundle
