// What a log stores: the entry that was proposed to it as canonical JSON.
#include <algorithm>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/canonical_json.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/protobuf_name.h"
#include "sigstore/tlog/body.h"

namespace sigstore::tlog {
namespace {

namespace json = codec::json;

std::string write(std::string_view kind, std::string_view version, json::Object spec) {
  const json::Object body{{"apiVersion", version}, {"kind", kind}, {"spec", std::move(spec)}};
  return json::write_canonical(body).value_or(std::string());
}

std::string base64(BytesView bytes) {
  return codec::base64::encode(bytes);
}

json::Object hash(const LoggedDigest& digest) {
  return {{"algorithm", crypto::name(digest.algorithm)}, {"value", codec::hex::encode(digest.digest)}};
}

}  // namespace

std::string write_verifier(const LoggedSignature& signature) {
  const bool certified = !signature.certificate.empty();
  return base64(as_bytes(certified ? codec::pem::encode("CERTIFICATE", signature.certificate)
                                   : codec::pem::encode("PUBLIC KEY", signature.key)));
}

std::string write_hashedrekord_v001(const LoggedDigest& artifact, const LoggedSignature& signature) {
  return write(
      "hashedrekord", "0.0.1",
      {{"data", json::Object{{"hash", hash(artifact)}}},
       {"signature", json::Object{{"content", base64(signature.signature)},
                                  {"publicKey", json::Object{{"content", write_verifier(signature)}}}}}});
}

std::string write_hashedrekord_v002(const LoggedDigest& artifact, const LoggedSignature& signature,
                                    std::string_view key_details) {
  const bool certified = !signature.certificate.empty();
  const json::Object raw{{"rawBytes", base64(certified ? signature.certificate : signature.key)}};
  const json::Object verifier{{certified ? "x509Certificate" : "publicKey", raw},
                              {"keyDetails", key_details}};
  const json::Object data{{"algorithm", crypto::protobuf_name(artifact.algorithm)},
                          {"digest", base64(artifact.digest)}};
  const json::Object logged{{"content", base64(signature.signature)}, {"verifier", verifier}};
  return write("hashedrekord", "0.0.2",
               {{"hashedRekordV002", json::Object{{"data", data}, {"signature", logged}}}});
}

std::string write_dsse_v001(const LoggedDigest& envelope, const LoggedDigest& payload,
                            const std::vector<LoggedSignature>& signatures) {
  // In the order of their text.
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& signature : signatures)
    texts.emplace_back(base64(signature.signature), write_verifier(signature));
  std::ranges::stable_sort(texts, {}, &std::pair<std::string, std::string>::first);
  json::Array list;
  for (const auto& [signature, verifier] : texts) {
    list.emplace_back(json::Object{{"signature", signature}, {"verifier", verifier}});
  }
  return write(
      "dsse", "0.0.1",
      {{"envelopeHash", hash(envelope)}, {"payloadHash", hash(payload)}, {"signatures", std::move(list)}});
}

std::string write_intoto_v002(const LoggedDigest& envelope, const LoggedDigest& payload,
                              std::string_view payload_type, const std::vector<LoggedSignature>& signatures) {
  json::Array list;
  for (const auto& signature : signatures) {
    list.emplace_back(json::Object{{"publicKey", write_verifier(signature)},
                                   {"sig", base64(as_bytes(base64(signature.signature)))}});
  }
  const json::Object stored{{"payloadType", payload_type}, {"signatures", std::move(list)}};
  const json::Object content{{"envelope", stored}, {"hash", hash(envelope)}, {"payloadHash", hash(payload)}};
  return write("intoto", "0.0.2", {{"content", content}});
}

}  // namespace sigstore::tlog
