// The kinds of Rekor v2 (rekor-tiles, rekor/v2/*.proto): protobuf as canonical JSON, keys are DER.
#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/crypto/key.h"
#include "sigstore/crypto/protobuf_name.h"
#include "sigstore/tlog/internal/body_fields.h"

namespace sigstore::tlog::internal {
namespace {

// {"algorithm":"SHA2_256","digest":BASE64}, below `key`.
Result<LoggedDigest> read_hash_output(const Fields& fields, std::string_view key) {
  TRY(const auto hash, fields.child(key));
  TRY_OK(hash.only({"algorithm", "digest"}));
  TRY(const auto name, hash.text("algorithm"));
  const auto algorithm = crypto::hash_by_protobuf_name(name);
  if (!algorithm)
    return fail(Code::unsupported, "the log entry has a digest by " + codec::printable(name), {},
                "SHA2_256, SHA2_384 and SHA2_512 are known");
  LoggedDigest out{*algorithm, {}};
  TRY(out.digest, hash.base64("digest"));
  if (out.digest.size() != crypto::size_of(out.algorithm)) {
    return malformed(hash.at("digest") + " is no digest by " + name);
  }
  return out;
}

// {"rawBytes":BASE64}, below `key`.
Result<Bytes> read_raw(const Fields& fields, std::string_view key) {
  TRY(const auto raw, fields.child(key));
  TRY_OK(raw.only({"rawBytes"}));
  TRY(auto bytes, raw.base64("rawBytes"));
  if (bytes.size() > limits::certificate_bytes) {
    return fail(Code::too_large, "the key in the log entry has more than " +
                                     std::to_string(limits::certificate_bytes) + " bytes");
  }
  return bytes;
}

Result<LoggedSignature> read_signature(const Fields& fields) {
  TRY_OK(fields.only({"content", "verifier"}));
  LoggedSignature out;
  TRY(out.signature, fields.base64("content"));
  TRY(const auto verifier, fields.child("verifier"));
  TRY_OK(verifier.only({"keyDetails", "publicKey", "x509Certificate"}));
  TRY_OK(verifier.text("keyDetails"));
  if (verifier.has("publicKey") == verifier.has("x509Certificate")) {
    return malformed(verifier.place + " has not one of publicKey and x509Certificate");
  }
  if (verifier.has("x509Certificate")) {
    TRY(out.certificate, read_raw(verifier, "x509Certificate"));
    return out;
  }
  TRY(const auto der, read_raw(verifier, "publicKey"));
  const auto key = crypto::PublicKey::from_spki(der);
  if (!key) return fail(key.error().wrap("the key in the log entry cannot be used"));
  out.key = key->spki();
  return out;
}

}  // namespace

Result<Body> read_hashedrekord_v002(const Fields& spec) {
  TRY_OK(spec.only({"hashedRekordV002"}));
  TRY(const auto entry, spec.child("hashedRekordV002"));
  TRY_OK(entry.only({"data", "signature"}));
  Body body;
  TRY(body.artifact, read_hash_output(entry, "data"));
  TRY(const auto signature, entry.child("signature"));
  TRY(auto logged, read_signature(signature));
  body.signatures.push_back(std::move(logged));
  return body;
}

Result<Body> read_dsse_v002(const Fields& spec) {
  TRY_OK(spec.only({"dsseV002"}));
  TRY(const auto entry, spec.child("dsseV002"));
  TRY_OK(entry.only({"payloadHash", "signatures"}));
  Body body;
  TRY(body.payload, read_hash_output(entry, "payloadHash"));
  TRY(const auto signatures, entry.list("signatures"));
  for (const auto& signature : signatures) {
    TRY(auto logged, read_signature(signature));
    body.signatures.push_back(std::move(logged));
  }
  return body;
}

}  // namespace sigstore::tlog::internal
