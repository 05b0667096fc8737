// What an entry says: which signature, by whom, over what. All kinds are read into one value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::tlog {

struct LoggedDigest {
  crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256;
  Bytes digest;
  friend bool operator==(const LoggedDigest&, const LoggedDigest&) = default;
};

// A signature and who made it: exactly one of certificate and key.
struct LoggedSignature {
  Bytes signature;
  Bytes certificate;  // DER
  Bytes key;          // SPKI, DER
  friend bool operator==(const LoggedSignature&, const LoggedSignature&) = default;
};

struct Body {
  std::string kind, version;  // as the body itself says
  // Of what was signed: a file (hashedrekord, rekord) or the PAE of an envelope (hashedrekord 0.0.2).
  std::optional<LoggedDigest> artifact;
  // Of an envelope (dsse, intoto): of its payload, and of the envelope as JSON as it was uploaded.
  std::optional<LoggedDigest> payload, envelope;
  std::vector<LoggedSignature> signatures;  // at least one; in the order of the body
  friend bool operator==(const Body&, const Body&) = default;
};

// hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and 0.0.2, intoto 0.0.1 (no signature of its own: read, not enough
// to prove) and 0.0.2, rekord 0.0.1 (keys and certificates only). Bounded; Code::malformed, and unsupported
// for other kinds and for keys that are neither PKIX nor X.509.
Result<Body> read_body(std::string_view canonicalized_body);

// The canonical body of what is proposed to a log, for a log that issues.
std::string write_hashedrekord_v001(const LoggedDigest& artifact, const LoggedSignature& signature);
std::string write_hashedrekord_v002(const LoggedDigest& artifact, const LoggedSignature& signature,
                                    std::string_view key_details);
std::string write_dsse_v001(const LoggedDigest& envelope, const LoggedDigest& payload,
                            const std::vector<LoggedSignature>& signatures);

}  // namespace sigstore::tlog
