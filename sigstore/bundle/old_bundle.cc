#include "sigstore/bundle/old_bundle.h"

#include "sigstore/base/limits.h"
#include "sigstore/bundle/log_entry.h"
#include "sigstore/bundle/members.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/key.h"

namespace sigstore::bundle {
namespace {

namespace json = codec::json;

constexpr std::string_view what = "the old bundle";

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

// All but the signature.
Result<void> take_evidence(const OldBundle& old, Bundle& out) {
  out.key.certificates = old.certificates;
  if (old.log_entry) out.evidence.tlog_entries.push_back(*old.log_entry);
  if (old.public_key.empty()) return {};
  TRY(const auto key, crypto::PublicKey::from_pem(old.public_key, "the key in " + std::string(what)));
  out.key.hint = key.hint();
  return {};
}

}  // namespace

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
    TRY(out.log_entry, from_old_rekor_bundle(*entry));
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

}  // namespace sigstore::bundle
