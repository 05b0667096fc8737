#include "sigstore/bundle/old_bundle.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/key.h"

namespace sigstore::bundle {
namespace {

namespace json = codec::json;

constexpr std::string_view what = "the old bundle";
constexpr std::string_view entry_what = "the log entry";
constexpr std::size_t log_id_digits = 64;

Result<Bytes> need_base64(const json::Object& object, std::string_view key, std::string_view document) {
  TRY(const auto text, json::need_string(object, key, document));
  auto bytes = codec::base64::decode(text);
  if (!bytes)
    return fail(bytes.error().wrap(std::string(document) + ": " + std::string(key) + " is not base64"));
  if (bytes->empty())
    return fail(Code::malformed, std::string(document) + ": " + std::string(key) + " is empty");
  return bytes;
}

Result<void> read_certificate(const json::Object& object, OldBundle& out) {
  TRY(const auto text, json::optional_string(object, "cert", what));
  if (text.empty()) return {};
  const auto pem = codec::base64::decode_lines(text);
  if (!pem) return fail(pem.error().wrap(std::string(what) + ": cert is not base64"));
  TRY(const auto blocks, codec::pem::parse(as_text(*pem), "the certificate of " + std::string(what)));
  for (const auto& block : blocks) {
    if (block.label == "PUBLIC KEY" && blocks.size() == 1) {
      out.public_key = codec::pem::encode(block.label, block.body);
      return {};
    }
    if (block.label != "CERTIFICATE")
      return fail(Code::malformed, std::string(what) + ": cert is neither a certificate nor a public key");
    if (out.certificates.size() == limits::certificates)
      return fail(Code::too_large, std::string(what) + " carries too many certificates");
    out.certificates.push_back(block.body);
  }
  return {};
}

bool is_log_id(const std::string& text) {
  return text.size() == log_id_digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<json::Value> need_count(const json::Object& object, std::string_view key) {
  TRY(const auto number, json::need_uint64(object, key, entry_what));
  return json::Value(number);
}

// `timestamp` is SignedEntryTimestamp's text, `payload` the object with the four members.
Result<std::string> write_entry(const json::Object& holder, std::string_view timestamp,
                                const json::Object& payload) {
  TRY(const auto set, need_base64(holder, timestamp, entry_what));
  TRY(const auto body, need_base64(payload, "body", entry_what));
  TRY(auto time, need_count(payload, "integratedTime"));
  TRY(auto index, need_count(payload, "logIndex"));
  TRY(const auto log, json::need_string(payload, "logID", entry_what));
  if (!is_log_id(log)) return fail(Code::malformed, std::string(entry_what) + ": logID is no SHA-256 in hex");
  return json::write(json::Object{{"SignedEntryTimestamp", codec::base64::encode(set)},
                                  {"Payload", json::Object{{"body", codec::base64::encode(body)},
                                                           {"integratedTime", std::move(time)},
                                                           {"logIndex", std::move(index)},
                                                           {"logID", log}}}});
}

Result<std::string> from_old_form(const json::Object& object) {
  TRY(const auto* payload, json::optional_object(object, "Payload", entry_what));
  if (payload == nullptr) return fail(Code::malformed, std::string(entry_what) + " has no Payload");
  return write_entry(object, "SignedEntryTimestamp", *payload);
}

Result<std::string> from_answer(const json::Object& entries) {
  if (entries.size() != 1)
    return fail(Code::malformed, "not one log entry",
                "neither a Rekor bundle nor the answer of Rekor's API: it has " +
                    std::to_string(entries.size()) + " members");
  TRY(const auto* entry, json::need_object(entries.members().front().value, entry_what));
  TRY(const auto* verification, json::optional_object(*entry, "verification", entry_what));
  if (verification == nullptr) return fail(Code::malformed, std::string(entry_what) + " has no verification");
  return write_entry(*verification, "signedEntryTimestamp", *entry);
}

// All but the signature.
Result<void> take_evidence(const OldBundle& old, Bundle& out) {
  out.key.certificates = old.certificates;
  out.evidence.legacy_rekor_bundle = old.log_entry;
  if (old.public_key.empty()) return {};
  TRY(const auto key, crypto::PublicKey::from_pem(old.public_key, "the key in " + std::string(what)));
  out.key.hint = key.hint();
  return {};
}

}  // namespace

Result<std::string> read_log_entry(std::string_view text) {
  TRY(const auto document, json::parse(text, entry_what));
  TRY(const auto* object, json::need_object(document, entry_what));
  if (object->find("base64Signature") != nullptr) {
    TRY(const auto* held, json::optional_object(*object, "rekorBundle", what));
    if (held == nullptr) return fail(Code::malformed, std::string(what) + " holds no log entry");
    return from_old_form(*held);
  }
  if (object->find("SignedEntryTimestamp") != nullptr) return from_old_form(*object);
  return from_answer(*object);
}

Result<OldBundle> parse_old_bundle(std::string_view text) {
  TRY(const auto document, json::parse(text, what, {.max_bytes = limits::bundle_bytes}));
  TRY(const auto* object, json::need_object(document, what));
  if (object->find("base64Signature") == nullptr)
    return fail(Code::not_mine, "not a bundle of cosign 1 or 2", "it has no base64Signature");
  OldBundle out;
  TRY(out.signature, need_base64(*object, "base64Signature", what));
  TRY_OK(read_certificate(*object, out));
  TRY(const auto* entry, json::optional_object(*object, "rekorBundle", what));
  if (entry != nullptr) {
    TRY(out.log_entry, from_old_form(*entry));
  }
  return out;
}

Result<Bundle> message_bundle(OldBundle old) {
  Bundle out;
  out.content = MessageContent{};
  out.signature = std::move(old.signature);
  TRY_OK(take_evidence(old, out));
  return out;
}

Result<std::vector<Bundle>> envelope_bundles(OldBundle old) {
  TRY(auto bundles, from_attestation_layer(to_text(old.signature), {}, limits::bundle_bytes));
  for (Bundle& bundle : bundles) TRY_OK(take_evidence(old, bundle));
  return bundles;
}

std::string write_old_bundle(BytesView signature) {
  return json::write(json::Object{{"base64Signature", codec::base64::encode(signature)}});
}

Result<Bytes> signature_in_log_entry(std::string_view log_entry) {
  TRY(const auto entry, json::parse(log_entry, entry_what));
  const json::Value* payload = entry.get("Payload");
  const json::Value* encoded = payload != nullptr ? payload->get("body") : nullptr;
  if (encoded == nullptr || encoded->string() == nullptr)
    return fail(Code::malformed, std::string(entry_what) + " has no body");
  TRY(const auto bytes, codec::base64::decode(*encoded->string()));
  TRY(const auto body, json::parse(as_text(bytes), "the body of the log entry"));
  const json::Value* value = &body;
  for (const char* key : {"spec", "signature", "content"})
    value = value != nullptr ? value->get(key) : nullptr;
  if (value == nullptr || value->string() == nullptr) return Bytes();
  return codec::base64::decode(*value->string());
}

}  // namespace sigstore::bundle
