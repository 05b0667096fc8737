// What an entry says: which signature, by whom, over what. All kinds are read into one value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/tlog/entry.h"

namespace sigstore::tlog {

struct LoggedDigest {
  crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256;
  Bytes digest;
  friend bool operator==(const LoggedDigest&, const LoggedDigest&) = default;
};

// A signature and who made it: exactly one of certificate and key.
struct LoggedSignature {
  Bytes signature;    // empty only where a body has none: intoto 0.0.1
  Bytes certificate;  // DER, as it stands there: not looked into
  Bytes key;          // SPKI, DER, of a key that crypto knows
  friend bool operator==(const LoggedSignature&, const LoggedSignature&) = default;
};

struct Body {
  std::string kind, version;  // as the body itself says
  // Of what was signed: a file (hashedrekord, rekord) or the PAE of an envelope (hashedrekord 0.0.2).
  std::optional<LoggedDigest> artifact;
  // Of an envelope (dsse, intoto): of its payload, and of the envelope as JSON as it was uploaded. Both may
  // be missing in an intoto 0.0.1, the latter in intoto 0.0.2 and dsse 0.0.2.
  std::optional<LoggedDigest> payload, envelope;
  std::vector<LoggedSignature> signatures;  // at least one; in the order of the body
  friend bool operator==(const Body&, const Body&) = default;
};

// hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and 0.0.2, intoto 0.0.1 (without the signature itself: read, not
// enough to prove) and 0.0.2, rekord 0.0.1 (X.509 only). Members that are not known are passed over in the
// kinds of Rekor v1; the kinds of v2 must be canonical JSON of known members. Code::malformed; unsupported
// for other kinds and for keys that are neither PKIX, PKCS#1 nor X.509, or more than one; too_large above
// limits::entry_bytes and entry_signatures.
Result<Body> read_body(std::string_view canonicalized_body);
// The same of an entry; Code::mismatch when the kind or version that the entry claims is not the body's.
Result<Body> read_body(const Entry& entry);

// Who made it, as the kinds of Rekor v1 name them: base64 of PEM, of the certificate or else the key.
std::string write_verifier(const LoggedSignature& signature);
// The canonical bodies of what a log issues. Each signature has a certificate or a key.
std::string write_hashedrekord_v001(const LoggedDigest& artifact, const LoggedSignature& signature);
// `key_details` is the name of the algorithm in protobuf-specs, PublicKeyDetails: "PKIX_ECDSA_P256_SHA_256".
std::string write_hashedrekord_v002(const LoggedDigest& artifact, const LoggedSignature& signature,
                                    std::string_view key_details);
std::string write_dsse_v001(const LoggedDigest& envelope, const LoggedDigest& payload,
                            const std::vector<LoggedSignature>& signatures);
std::string write_intoto_v002(const LoggedDigest& envelope, const LoggedDigest& payload,
                              std::string_view payload_type, const std::vector<LoggedSignature>& signatures);

}  // namespace sigstore::tlog
