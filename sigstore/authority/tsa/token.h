// Writes and signs timestamp tokens (RFC 3161, 2.4.2; CMS, RFC 5652). Pure: keys, times and serial numbers
// are arguments.
//
// A template is what the token will say, in every field. Those that tsa.h makes are as they should be;
// whoever wants another token, also one that is wrong, changes the template.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/key.h"
#include "sigstore/crypto/x509/certificate.h"
#include "sigstore/timestamp/request.h"

namespace sigstore::authority::tsa {

namespace oid {
inline constexpr std::string_view data = "1.2.840.113549.1.7.1", signed_data = "1.2.840.113549.1.7.2",
                                  tst_info = "1.2.840.113549.1.9.16.1.4",
                                  content_type = "1.2.840.113549.1.9.3",
                                  message_digest = "1.2.840.113549.1.9.4",
                                  signing_certificate = "1.2.840.113549.1.9.16.2.12",
                                  signing_certificate_v2 = "1.2.840.113549.1.9.16.2.47";
}  // namespace oid

// TSTInfo.
struct Info {
  std::uint8_t version = 1;
  std::string policy;  // OID
  crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256;
  Bytes imprint;
  Bytes serial;      // content of the INTEGER
  std::string time;  // GeneralizedTime: "20260724000000Z"
  std::optional<Duration> accuracy;
  bool ordering = false;
  std::optional<Bytes> nonce;     // content of the INTEGER
  Bytes tsa;                      // GeneralName, DER; empty: left out
  std::vector<Bytes> extensions;  // Extension, DER
};
Bytes encode(const Info& info);

// A signed attribute of one value, DER.
struct Attribute {
  std::string oid;
  Bytes value;
};
Attribute content_type(std::string_view oid);
// ESSCertIDv2 of it, by SHA-256, with issuer and serial number (RFC 5035).
Attribute signing_certificate(const crypto::x509::Certificate& certificate);

// SignerInfo. Which certificate is the signer's is said twice: here, and by signing_certificate() in
// `attributes`.
struct SignerTemplate {
  crypto::Signer* signer = nullptr;  // outlives this
  crypto::Scheme scheme = crypto::Scheme::ecdsa_sha256;
  crypto::HashAlgorithm digest = crypto::HashAlgorithm::sha256;
  Bytes issuer;  // Name, DER
  Bytes serial;  // big-endian magnitude
  Bytes key_id;  // when not empty, this is said instead of issuer and serial number
  std::vector<Attribute> attributes;

  // What no authority does: for tests of those who read.
  std::optional<Bytes> message_digest;          // in place of the content's
  bool message_digest_is_there = true;          // as an attribute
  bool attributes_are_there = true;             // else the content itself is signed
  std::optional<std::string> stated_algorithm;  // OID of a signature algorithm: not the one it is signed by
  std::optional<Bytes> signature;               // in place of the right one
  std::uint8_t damage = 0;                      // XORed to the last octet of the signature

  // The signer of `certificate`; the digest is the scheme's. `signer` has its key.
  static SignerTemplate of(const crypto::x509::Certificate& certificate, crypto::Signer& signer,
                           crypto::Scheme scheme);
};

struct TokenTemplate {
  Info info;
  std::string content_type{oid::tst_info};
  std::optional<Bytes> content;     // in place of `info`
  std::vector<Bytes> certificates;  // each one DER: Certificate, or what else a CertificateSet may hold
  std::vector<SignerTemplate> signers;
};

// TimeStampToken: a ContentInfo, DER. Errors are the signer's; Code::unsupported for Ed25519ph, which CMS
// does not know.
Result<Bytes> sign(const TokenTemplate& token);

// TimeStampResp with it.
Bytes granted(BytesView token);
// PKIFailureInfo, by its bit.
enum class Failure {
  bad_algorithm = 0,
  bad_request = 2,
  bad_data_format = 5,
  time_not_available = 14,
  unaccepted_policy = 15,
  unaccepted_extension = 16,
  system_failure = 25
};
// TimeStampResp without one: rejection.
Bytes refused(Failure failure, std::string_view text);

}  // namespace sigstore::authority::tsa
