// The kinds of Rekor v1 (rekor, pkg/types): keys are PEM in base64, digests are hexadecimal.
#include "sigstore/codec/base64.h"
#include "sigstore/tlog/internal/body_fields.h"

namespace sigstore::tlog::internal {
namespace {

// PEM in base64, below `key`.
Result<void> read_verifier(const Fields& fields, std::string_view key, LoggedSignature& out) {
  TRY(const auto pem, fields.base64(key));
  return read_pem(as_text(pem), fields.at(key), out);
}

// {"content":BASE64,"publicKey":{"content":BASE64(PEM)}} and the digest of a file.
Result<Body> read_file(const Fields& spec) {
  TRY(const auto data, spec.child("data"));
  TRY(auto digest, read_hash(data, "hash"));
  TRY(const auto signature, spec.child("signature"));
  LoggedSignature logged;
  TRY(logged.signature, signature.base64("content"));
  TRY(const auto key, signature.child("publicKey"));
  TRY_OK(read_verifier(key, "content", logged));
  Body body;
  body.artifact = std::move(digest);
  body.signatures.push_back(std::move(logged));
  return body;
}

// Base64 of base64: clients put the text of the envelope where bytes are asked for.
Result<Bytes> base64_twice(const Fields& fields, std::string_view key) {
  TRY(const auto once, fields.base64(key));
  auto twice = codec::base64::decode(as_text(once));
  if (!twice || twice->empty()) return malformed(fields.at(key) + " is not base64 of base64");
  return twice;
}

// The digest that is named, which must be that of the payload where the body still has it.
Result<LoggedDigest> payload_digest(const Fields& content, const Fields& envelope) {
  if (!envelope.has("payload")) return read_hash(content, "payloadHash");
  TRY(const auto payload, base64_twice(envelope, "payload"));
  LoggedDigest digest{crypto::HashAlgorithm::sha256, crypto::sha256(payload)};
  if (!content.has("payloadHash")) return digest;
  TRY(const auto named, read_hash(content, "payloadHash"));
  if (named.digest != crypto::hash(named.algorithm, payload)) {
    return malformed(content.at("payloadHash") + " is not that of its payload");
  }
  return named;
}

}  // namespace

Result<Body> read_hashedrekord_v001(const Fields& spec) {
  return read_file(spec);
}

Result<Body> read_rekord_v001(const Fields& spec) {
  TRY(const auto signature, spec.child("signature"));
  TRY(const auto format, signature.text("format"));
  if (format != "x509") {
    return fail(Code::unsupported, "the log entry has a signature that is not of X.509");
  }
  return read_file(spec);
}

Result<Body> read_dsse_v001(const Fields& spec) {
  Body body;
  TRY(body.envelope, read_hash(spec, "envelopeHash"));
  TRY(body.payload, read_hash(spec, "payloadHash"));
  TRY(const auto signatures, spec.list("signatures"));
  for (const auto& signature : signatures) {
    LoggedSignature logged;
    TRY(logged.signature, signature.base64("signature"));
    TRY_OK(read_verifier(signature, "verifier", logged));
    body.signatures.push_back(std::move(logged));
  }
  return body;
}

Result<Body> read_intoto_v001(const Fields& spec) {
  TRY(const auto content, spec.child("content"));
  Body body;
  if (content.has("hash")) {
    TRY(body.envelope, read_hash(content, "hash"));
  }
  if (content.has("payloadHash")) {
    TRY(body.payload, read_hash(content, "payloadHash"));
  }
  LoggedSignature logged;
  TRY_OK(read_verifier(spec, "publicKey", logged));
  body.signatures.push_back(std::move(logged));
  return body;
}

Result<Body> read_intoto_v002(const Fields& spec) {
  TRY(const auto content, spec.child("content"));
  TRY(const auto envelope, content.child("envelope"));
  Body body;
  if (content.has("hash")) {
    TRY(body.envelope, read_hash(content, "hash"));
  }
  TRY(body.payload, payload_digest(content, envelope));
  TRY(const auto signatures, envelope.list("signatures"));
  for (const auto& signature : signatures) {
    LoggedSignature logged;
    TRY(logged.signature, base64_twice(signature, "sig"));
    TRY_OK(read_verifier(signature, "publicKey", logged));
    body.signatures.push_back(std::move(logged));
  }
  return body;
}

}  // namespace sigstore::tlog::internal
