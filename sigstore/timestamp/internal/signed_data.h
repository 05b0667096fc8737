// CMS SignedData (RFC 5652, 5) as far as timestamp tokens have it (RFC 3161, 2.4.2): content that is a
// TSTInfo, exactly one signer, and signed attributes. DER only. The views point into what was parsed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::timestamp::internal {

inline constexpr std::string_view signed_data_oid = "1.2.840.113549.1.7.2";
inline constexpr std::string_view tst_info_oid = "1.2.840.113549.1.9.16.1.4";
inline constexpr std::string_view content_type_oid = "1.2.840.113549.1.9.3";
inline constexpr std::string_view message_digest_oid = "1.2.840.113549.1.9.4";
inline constexpr std::string_view signing_time_oid = "1.2.840.113549.1.9.5";
inline constexpr std::string_view signing_certificate_oid = "1.2.840.113549.1.9.16.2.12";
inline constexpr std::string_view signing_certificate_v2_oid = "1.2.840.113549.1.9.16.2.47";

// A certificate by its issuer's Name (the whole element) and its serial number (the content of the INTEGER).
struct IssuerAndSerial {
  BytesView issuer;
  BytesView serial;
};

// ESSCertID and ESSCertIDv2 (RFC 5035): the certificate that the signer says it used.
struct CertificateId {
  std::optional<crypto::HashAlgorithm> algorithm;  // nullopt: SHA-1, of ESSCertID
  BytesView hash;
  std::optional<IssuerAndSerial> name;
};

struct Signer {
  std::optional<IssuerAndSerial> name;  // this,
  BytesView key_id;                     // or the certificate's subjectKeyIdentifier
  crypto::HashAlgorithm digest = crypto::HashAlgorithm::sha256;
  std::string signature_algorithm;  // OID
  Bytes attributes;                 // SET OF Attribute with the tag 0x31: what is signed
  BytesView message_digest;
  std::vector<CertificateId> certificates;  // the first one of each such attribute: at least one
  std::optional<Time> signing_time;
  BytesView signature;
};

struct SignedData {
  BytesView content;  // TSTInfo
  std::vector<crypto::x509::Certificate> certificates;
  Signer signer;
};

// A ContentInfo. Code::malformed; unsupported for algorithms that are not known here.
Result<SignedData> parse_signed_data(BytesView content_info);

}  // namespace sigstore::timestamp::internal
