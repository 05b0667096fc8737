#include "cosign/commands/bundle-create/parts.h"

#include "sigstore/bundle/material.h"
#include "sigstore/bundle/old_bundle.h"
#include "sigstore/timestamp/token.h"

namespace cosign::bundle_create {
namespace {

namespace bundle = sigstore::bundle;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

Result<void> set_envelope(Parts& parts, const std::string& text, const std::string& name) {
  parts.envelope = text;
  bundle::Bundle& out = parts.bundle;
  auto parsed = sigstore::payload::Envelope::parse(text);
  if (!parsed) return fail(parsed.error().wrap(name + " cannot be read as an attestation"));
  auto& envelope = *parsed;
  if (envelope.signatures.size() != 1)
    return fail(Code::unsupported, "a bundle holds one signature",
                "the envelope has " + std::to_string(envelope.signatures.size()));
  out.content = bundle::EnvelopeContent{std::move(envelope.payload_type), std::move(envelope.payload)};
  out.signature = std::move(envelope.signatures.front().sig);
  return {};
}

std::unexpected<sigstore::Error> no_old_bundle(const File& file, const sigstore::Error& error) {
  if (file.content.starts_with('{') && file.content.contains("application/vnd.dev.sigstore.bundle"))
    return fail(Code::unsupported, file.name + " is a sigstore bundle already",
                "--bundle takes what sign-blob --bundle of cosign 1 or 2 wrote",
                "cosign bundle upgrade " + file.name + " makes the newest form of it");
  if (error.code != Code::not_mine)
    return fail(error.wrap(file.name + " cannot be read as a bundle of cosign 1 or 2"));
  return fail(Code::malformed, file.name + " is no bundle of cosign 1 or 2", "it has no base64Signature",
              "--signature FILE for a signature alone");
}

// Its signature is that of a file, or an envelope (attest-blob).
Result<void> set_old(Parts& parts, const File& file) {
  auto old = bundle::parse_old_bundle(file.content);
  if (!old) return no_old_bundle(file, old.error());
  bundle::Bundle& out = parts.bundle;
  if (old->log_entry) out.evidence.tlog_entries.push_back(std::move(*old->log_entry));
  out.key.certificates = std::move(old->certificates);
  if (!old->signature.empty() && old->signature.front() == '{')
    return set_envelope(parts, sigstore::to_text(old->signature), file.name);
  out.signature = std::move(old->signature);
  return {};
}

Result<void> set_certificate(bundle::Bundle& out, const File& file) {
  if (file.content.empty()) return {};
  TRY(out.key.certificates, bundle::read_certificates(file.content, file.name));
  if (out.key.certificates.size() == 1) return {};
  return fail(Code::unsupported, "a bundle holds one certificate",
              file.name + " has " + std::to_string(out.key.certificates.size()));
}

Result<void> set_timestamp(bundle::Bundle& out, const File& file) {
  if (file.content.empty()) return {};
  TRY(auto timestamp, bundle::read_timestamp(file.content, file.name));
  if (const auto token = sigstore::timestamp::Token::parse(timestamp); !token)
    return fail(token.error().wrap(file.name + " is no timestamp"));
  out.evidence.timestamps.push_back(std::move(timestamp));
  return {};
}

}  // namespace

Result<Parts> assemble(const Asked& asked) {
  if (asked.old_bundle.content.empty() && asked.signature.content.empty() &&
      asked.attestation.content.empty())
    return fail(Code::invalid_argument, "there is no signature to make a bundle of", {},
                "--signature FILE, --attestation FILE or --bundle FILE");
  Parts parts;
  bundle::Bundle& out = parts.bundle;
  out.content = bundle::MessageContent{};
  if (!asked.old_bundle.content.empty()) TRY_OK(set_old(parts, asked.old_bundle));
  if (!asked.signature.content.empty()) {
    if (!out.signature.empty() || !asked.attestation.content.empty())
      return fail(Code::invalid_argument, "the signature is given twice");
    TRY(out.signature, bundle::read_signature(asked.signature.content, asked.signature.name));
  }
  if (!asked.attestation.content.empty()) {
    if (!out.signature.empty()) return fail(Code::invalid_argument, "the signature is given twice");
    TRY_OK(set_envelope(parts, asked.attestation.content, asked.attestation.name));
  }
  TRY_OK(set_certificate(out, asked.certificate));
  TRY_OK(set_timestamp(out, asked.timestamp));
  return parts;
}

}  // namespace cosign::bundle_create
