#include "cosign/commands/bundle-create/parts.h"

#include "sigstore/bundle/material.h"
#include "sigstore/bundle/old_bundle.h"

namespace cosign::bundle_create {
namespace {

namespace bundle = sigstore::bundle;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

Result<void> set_envelope(Parts& parts, const std::string& text) {
  parts.envelope = text;
  bundle::Bundle& out = parts.bundle;
  TRY(auto envelope, sigstore::payload::Envelope::parse(text));
  if (envelope.signatures.size() != 1)
    return fail(Code::unsupported, "a bundle holds one signature",
                "the envelope has " + std::to_string(envelope.signatures.size()));
  out.content = bundle::EnvelopeContent{std::move(envelope.payload_type), std::move(envelope.payload)};
  out.signature = std::move(envelope.signatures.front().sig);
  return {};
}

// Its signature is that of a file, or an envelope (attest-blob).
Result<void> set_old(Parts& parts, const std::string& text) {
  auto old = bundle::parse_old_bundle(text);
  if (!old) return fail(old.error().wrap("cannot read the file of --bundle"));
  bundle::Bundle& out = parts.bundle;
  if (old->log_entry) out.evidence.tlog_entries.push_back(std::move(*old->log_entry));
  out.key.certificates = std::move(old->certificates);
  if (!old->signature.empty() && old->signature.front() == '{')
    return set_envelope(parts, sigstore::to_text(old->signature));
  out.signature = std::move(old->signature);
  return {};
}

Result<void> set_certificate(bundle::Bundle& out, const std::string& text) {
  if (text.empty()) return {};
  TRY(out.key.certificates, bundle::read_certificates(text, "the certificate"));
  if (out.key.certificates.size() == 1) return {};
  return fail(Code::unsupported, "a bundle holds one certificate",
              "there are " + std::to_string(out.key.certificates.size()));
}

}  // namespace

Result<Parts> assemble(const Asked& asked) {
  if (asked.old_bundle.empty() && asked.signature.empty() && asked.attestation.empty())
    return fail(Code::invalid_argument, "there is no signature to make a bundle of", {},
                "--signature FILE, --attestation FILE or --bundle FILE");
  Parts parts;
  bundle::Bundle& out = parts.bundle;
  out.content = bundle::MessageContent{};
  if (!asked.old_bundle.empty()) TRY_OK(set_old(parts, asked.old_bundle));
  if (!asked.signature.empty()) {
    if (!out.signature.empty() || !asked.attestation.empty())
      return fail(Code::invalid_argument, "the signature is given twice");
    TRY(out.signature, bundle::read_signature(asked.signature, "the signature"));
  }
  if (!asked.attestation.empty()) {
    if (!out.signature.empty()) return fail(Code::invalid_argument, "the signature is given twice");
    TRY_OK(set_envelope(parts, asked.attestation));
  }
  TRY_OK(set_certificate(out, asked.certificate));
  if (!asked.timestamp.empty()) {
    TRY(auto timestamp, bundle::read_timestamp(asked.timestamp, "the timestamp"));
    out.evidence.timestamps.push_back(std::move(timestamp));
  }
  return parts;
}

}  // namespace cosign::bundle_create
