// Whom a certificate was issued to, as it is required and as it is found (client-spec 4.6; Fulcio's
// oid-info.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/codec/regex/regex.h"
#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::verify {

// What a certificate says of its holder: proven only when its chain is.
struct CertificateIdentity {
  std::vector<crypto::x509::GeneralName> subjects;
  std::string issuer;  // .1.8, or .1.1 where that is absent
  // Fulcio's further extensions that are there: "githubWorkflowTrigger" (.1.2) … "githubWorkflowRef" (.1.6),
  // "buildSignerURI" (.1.9) … "tokenSubject" (.1.24), by the names of oid-info.md -> text.
  std::map<std::string, std::string> extensions;
  friend bool operator==(const CertificateIdentity&, const CertificateIdentity&) = default;
};
// Code::malformed when an extension of Fulcio has not the form it must have.
Result<CertificateIdentity> identity_of(const crypto::x509::Certificate& certificate);

// A text that must be equal, or an expression that must match somewhere in it, as in every Sigstore client.
struct TextRule {
  std::optional<std::string> exact;
  std::optional<codec::Regex> expression;
  [[nodiscard]] bool accepts(std::string_view text) const;
  [[nodiscard]] std::string shown() const;  // the text, or /expression/
};

// One accepted signer: any of the certificate's subject names fits, and so does its issuer. A rule without
// `exact` and `expression` takes anything.
struct IdentityRule {
  TextRule subject, issuer;
  std::map<std::string, std::string> extensions;  // each must be there with exactly this text
};

}  // namespace sigstore::verify
