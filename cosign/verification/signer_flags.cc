#include "cosign/verification/signer_flags.h"

#include "cosign/verification/named_file.h"
#include "sigstore/base/limits.h"
#include "sigstore/bundle/material.h"

namespace cosign {

using sigstore::fail;
using sigstore::Result;
using sigstore::crypto::x509::Certificate;

namespace {

// The first of the file: others are its chain, which the signer chose.
Result<Certificate> read_certificate(Session& session, const std::string& path) {
  TRY(const auto content, read_named(session, path, "--certificate", sigstore::limits::pem_bytes));
  const auto ders = sigstore::bundle::read_certificates(content, path);
  if (!ders) return fail(ders.error().wrap("what --certificate names holds no certificate"));
  auto certificate = Certificate::parse(ders->front());
  if (!certificate) return fail(certificate.error().wrap(path + " holds a certificate that cannot be used"));
  return certificate;
}

}  // namespace

void SignerFlags::declare_rest(FlagSet& flags) {
  flags
      .text("certificate", &certificate, "FILE",
            "the signer's certificate where none stands beside the signature: PEM, or base64 of it")
      .section = Section::compatibility;
  flags.text("sct", &sct, "FILE", "the answer of a log of certificates about the signer's certificate")
      .section = Section::compatibility;
}

Result<void> SignerFlags::apply(Session& session, sigstore::verify::TrustedMaterial& material) const {
  if (!certificate.empty()) {
    TRY(material.certificate, read_certificate(session, certificate));
  }
  if (!sct.empty()) {
    TRY(const auto content, read_named(session, sct, "--sct", sigstore::limits::pem_bytes));
    TRY(material.detached_sct, sigstore::crypto::x509::read_detached_sct(content, sct));
  }
  return {};
}

}  // namespace cosign
