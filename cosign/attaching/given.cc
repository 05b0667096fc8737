#include "cosign/attaching/given.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json_split.h"
#include "sigstore/payload/statement.h"

namespace cosign {

namespace json = sigstore::codec::json;
namespace bundle = sigstore::bundle;
namespace payload = sigstore::payload;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Digest;
using sigstore::store::Format;

namespace {

Result<void> is_about(const std::string& statement_json, const Digest& image) {
  TRY(const auto statement, payload::Statement::parse(statement_json));
  if (statement.subject_for(image) != nullptr) return {};
  return fail(Code::mismatch, "the statement is about something else",
              "none of its subjects has the digest " + image.text());
}

// The form of real cosign: an attestation that both attach is one.
std::string written(const payload::Envelope& envelope) {
  json::Array signatures;
  for (const auto& signature : envelope.signatures)
    signatures.push_back(
        json::Object{{"keyid", signature.keyid}, {"sig", sigstore::codec::base64::encode(signature.sig)}});
  return json::write(
      json::Object{{"payloadType", envelope.payload_type},
                   {"payload", sigstore::codec::base64::encode(sigstore::as_bytes(envelope.payload))},
                   {"signatures", std::move(signatures)}});
}

Result<Given> read_envelope(std::string text, const Digest& image) {
  TRY(const auto envelope, payload::Envelope::parse(std::move(text)));
  if (envelope.payload_type != payload::in_toto_payload_type)
    return fail(Code::malformed, "invalid payloadType " + json::quote(envelope.payload_type) + " on envelope",
                "expected " + std::string(payload::in_toto_payload_type));
  TRY_OK(is_about(envelope.payload, image));
  Given out{Format::envelope, {}, written(envelope)};
  TRY(out.bundles, bundle::from_attestation_layer(out.envelope, {}, sigstore::limits::attachment_bytes));
  return out;
}

Result<Given> read_one(std::string_view text, const Digest& image) {
  auto read = read_bundle(std::string(text), image);
  if (read || read.error().code != Code::not_mine) return read;
  return read_envelope(std::string(text), image);
}

}  // namespace

Result<Given> read_bundle(std::string text, const Digest& image) {
  TRY(auto read, bundle::parse(std::move(text)));
  const auto* envelope = std::get_if<bundle::EnvelopeContent>(&read.content);
  if (envelope == nullptr)
    return fail(Code::unsupported, "the bundle does not have a DSSE envelope",
                "it signs bytes, which verify-blob looks at; for images nobody does");
  if (envelope->payload_type != payload::in_toto_payload_type)
    return fail(Code::malformed, "the bundle's payloadType is " + json::quote(envelope->payload_type),
                "expected " + std::string(payload::in_toto_payload_type));
  TRY_OK(is_about(envelope->payload, image));
  TRY_OK(bundle::write(read));  // what v0.3 cannot hold is known before anything is uploaded
  Given out{Format::bundle, {}, {}};
  out.bundles.push_back(std::move(read));
  return out;
}

Result<std::vector<Given>> read_attestations(const std::string& text, const std::string& what,
                                             const Digest& image) {
  TRY(const auto documents, json::split_objects(text, what, sigstore::limits::layers_per_manifest));
  if (documents.empty()) return fail(Code::malformed, what + " holds no attestation", "it is empty");
  std::vector<Given> all;
  for (const auto document : documents) {
    auto read = read_one(document, image);
    if (!read)
      return fail(
          read.error().wrap("cannot attach " + what +
                            (documents.size() == 1 ? "" : ", document " + std::to_string(all.size() + 1))));
    all.push_back(std::move(*read));
  }
  return all;
}

}  // namespace cosign
