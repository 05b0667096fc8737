// Whom to trust: the authorities and logs of a Sigstore, each with the time in which it counts
// (protobuf-specs, sigstore_trustroot.proto, TrustedRoot).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/key.h"
#include "sigstore/crypto/x509/chain.h"

namespace sigstore::trust {

// Both ends are in it; an end that is missing is open.
struct TimeRange {
  std::optional<Time> start, end;
  [[nodiscard]] bool contains(Time at) const { return (!start || *start <= at) && (!end || at <= *end); }
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// A transparency log, or a log of certificates.
struct Log {
  std::string base_url;
  Bytes raw_key;            // as listed: SPKI, or PKCS#1 for the PKCS1_* details
  std::string key_details;  // "PKIX_ECDSA_P256_SHA_256", …; may be a number that has no name
  TimeRange valid;
  Bytes log_id;             // logId.keyId
  Bytes checkpoint_key_id;  // checkpointKeyId.keyId; empty when absent
  std::string operator_name;
  // Opened when it is asked for: parsing a root opens no key. Code::unsupported, malformed.
  [[nodiscard]] Result<crypto::PublicKey> key() const;
  // The host name of base_url: the origin of a Rekor v2 checkpoint. Code::malformed without one.
  [[nodiscard]] Result<std::string> origin() const;
  friend bool operator==(const Log&, const Log&) = default;
};

struct CertificateAuthority {
  std::string organization, common_name, uri;
  std::vector<crypto::x509::Certificate> chain;  // issuer (of a TSA its own certificate) first, root last
  TimeRange valid;
  std::string operator_name;
  friend bool operator==(const CertificateAuthority&, const CertificateAuthority&) = default;
};

struct TrustedRoot {
  std::vector<Log> tlogs;
  std::vector<CertificateAuthority> certificate_authorities;
  std::vector<Log> ctlogs;
  std::vector<CertificateAuthority> timestamp_authorities;

  // Strict proto3 JSON. Code::unsupported for another media type; malformed, too_large (limits). A log must
  // have logId, key and start of validity, as every client demands; unknown key details are kept.
  // `what` names the document in messages.
  static Result<TrustedRoot> parse(std::string_view json, std::string_view what);
  // As real cosign's `trusted-root create` writes it: compact protojson, no line feed.
  [[nodiscard]] std::string write() const;
  friend bool operator==(const TrustedRoot&, const TrustedRoot&) = default;
};

// --- making one

// The name of a key's algorithm (protobuf-specs, PublicKeyDetails), with the digest that it signs by here:
// "PKIX_ECDSA_P256_SHA_256", …. Code::unsupported for RSA of other than 2048, 3072 or 4096 bits, which has
// none.
Result<std::string> key_details_of(const crypto::PublicKey& key);
// A log as real cosign lists it: key details of the key, log id SHA-256(SPKI). A log whose checkpoints are
// signed notes (Rekor v2, static CT) has tlog::note_key_id of its origin as id. Errors are key_details_of's.
Result<Log> list_log(const crypto::PublicKey& key, std::string base_url, TimeRange valid);
// An authority whose subject is that of the last certificate: the first organization, the last common name.
// `chain` is not empty.
CertificateAuthority list_authority(std::vector<crypto::x509::Certificate> chain, std::string uri,
                                    TimeRange valid);
// By the start of validity, as real cosign has them; of equal ones the order stays.
void sort_by_start(TrustedRoot& root);

}  // namespace sigstore::trust
