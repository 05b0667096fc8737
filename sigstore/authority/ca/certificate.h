// Writes and signs X.509 certificates (RFC 5280). Pure: keys, times and serial numbers are arguments.
//
// A template is what the certificate will say, in every field. The templates of profile.h are as they should
// be; whoever wants another certificate, also one that is wrong, changes the template.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/codec/der.h"
#include "sigstore/crypto/key.h"
#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::authority::ca {

// One attribute of a name, in an RDN of its own.
struct Attribute {
  std::string oid;
  std::string value;
  std::uint8_t tag = codec::der::utf8_string;
};
using Name = std::vector<Attribute>;
// "O=organization, CN=common_name"; what is empty is left out.
Name make_name(std::string_view organization, std::string_view common_name);
Bytes encode(const Name& name);  // Name, DER

struct Extension {
  std::string oid;
  bool critical = false;
  Bytes value;  // the content of extnValue
  friend bool operator==(const Extension&, const Extension&) = default;
};

struct CertificateTemplate {
  int version = 3;                    // 1, 2 or 3; of 1 nothing is written, as DER has it
  Bytes serial;                       // big-endian magnitude
  Bytes subject;                      // Name, DER
  crypto::x509::Validity validity;    // to the second; not_after of Time::max(): no end
  Bytes spki;                         // SubjectPublicKeyInfo, DER
  std::vector<Extension> extensions;  // in this order, also twice the same

  // What no authority does: for tests of those who read.
  std::optional<Bytes> issuer;                  // Name, DER: of another than who signs
  std::optional<crypto::Scheme> stated_scheme;  // in the signed part: not the one it is signed by
  std::optional<Bytes> signature;               // in place of the right one

  [[nodiscard]] Extension* find(std::string_view oid);  // the first; nullptr when absent
  void set(Extension extension);                        // replaces the first of its OID, or is appended
  void remove(std::string_view oid);                    // all of it
};

// Who signs.
struct Issuer {
  Bytes name;                        // Name, DER
  Bytes key_id;                      // subject key identifier
  crypto::Signer* signer = nullptr;  // outlives this
  crypto::Scheme scheme = crypto::Scheme::ecdsa_sha256;
};
// The one whose certificate is issued by `ca`; of a root that signs itself too.
Issuer issuer_of(const CertificateTemplate& ca, crypto::Signer& signer);
// The same of a certificate that is there. Code::mismatch when it is no authority's, or of another key.
Result<Issuer> issuer_of(const crypto::x509::Certificate& ca, crypto::Signer& signer);

// crypto::x509::algorithm_identifier(). Code::unsupported where that is empty.
Result<Bytes> algorithm_identifier(crypto::Scheme scheme);
// SHA-256 of the key's bits, the first 20 bytes (RFC 7093, 2 (1)). Empty when it is no SPKI.
Bytes key_identifier(BytesView spki);
// 159 random bits, not 0.
Bytes random_serial(Random& random);

// TBSCertificate, DER: what is signed.
Result<Bytes> encode_tbs(const CertificateTemplate& certificate, const Issuer& issuer);
// The certificate, DER. Errors are the signer's; Code::unsupported for schemes that certificates know not.
Result<Bytes> issue(const CertificateTemplate& certificate, const Issuer& issuer);

std::string to_pem(BytesView certificate);

}  // namespace sigstore::authority::ca
