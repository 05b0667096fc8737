// Signed certificate timestamps (RFC 6962, 3.2 and 3.3): a log's promise to list a certificate.
#pragma once

#include <string_view>
#include <vector>

#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509 {

struct Sct {
  Bytes log_id;                          // 32 bytes: SHA-256 of the log's SPKI
  Time at;                               // milliseconds in it
  std::uint64_t milliseconds = 0;        // the same as it was signed
  Bytes extensions;                      // as they were signed
  std::uint8_t hash = 0;                 // TLS HashAlgorithm
  std::uint8_t signature_algorithm = 0;  // TLS SignatureAlgorithm
  Bytes signature;
  friend bool operator==(const Sct&, const Sct&) = default;
};

inline constexpr std::string_view sct_list_oid = "1.3.6.1.4.1.11129.2.4.2";

// One in TLS encoding (version 1). Code::malformed, unsupported for other versions.
Result<Sct> parse_sct(BytesView tls);
// Detached, as Fulcio's API and `--sct` have it: that, or the JSON answer of a log
// ({"sct_version","id","timestamp","extensions","signature"}).
Result<Sct> read_detached_sct(std::string_view content, std::string_view what);
Bytes encode_sct(const Sct& sct);
// Those in the certificate's SCT list; none when it has no such extension. At most limits::scts.
Result<std::vector<Sct>> embedded_scts(const Certificate& leaf);
// The extnValue content of an SCT list.
Bytes encode_sct_list(const std::vector<Sct>& scts);

// The TBSCertificate without its SCT list: what an embedded SCT was signed over.
Result<Bytes> precertificate_tbs(const Certificate& leaf);
// What an embedded SCT signs: precert_entry, with the issuer's key hash.
Bytes signed_data_embedded(const Sct& sct, BytesView precertificate_tbs, BytesView issuer_spki);
// What a detached one signs: x509_entry.
Bytes signed_data_detached(const Sct& sct, const Certificate& leaf);

// Code::bad_signature; mismatch when `log` is not the key that log_id names; unsupported for algorithms that
// are not the key's.
Result<void> verify_embedded(const Sct& sct, const Certificate& leaf, const Certificate& issuer,
                             const PublicKey& log);
Result<void> verify_detached(const Sct& sct, const Certificate& leaf, const PublicKey& log);

}  // namespace sigstore::crypto::x509
