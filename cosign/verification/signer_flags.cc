#include "cosign/verification/signer_flags.h"

#include "sigstore/base/limits.h"
#include "sigstore/bundle/material.h"

namespace cosign {

using sigstore::fail;
using sigstore::Result;
using sigstore::crypto::x509::Certificate;

namespace {

Result<std::string> read(Session& session, const char* flag, const std::string& path) {
  auto text = session.env().files->read(path, sigstore::limits::pem_bytes);
  if (!text) return fail(text.error().wrap("what " + std::string(flag) + " names cannot be read"));
  return text;
}

// The first of the file: others are its chain, which the signer chose.
Result<Certificate> read_certificate(Session& session, const std::string& path) {
  TRY(const auto content, read(session, "--certificate", path));
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
    TRY(const auto content, read(session, "--sct", sct));
    TRY(material.detached_sct, sigstore::crypto::x509::read_detached_sct(content, sct));
  }
  return {};
}

}  // namespace cosign
