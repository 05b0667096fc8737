// RFC 3161 timestamp tokens: read, and judged against an authority. CMS (RFC 5652) as tokens need it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/crypto/x509/chain.h"

namespace sigstore::timestamp {

// A TimeStampResp that was granted, or a bare TimeStampToken. Immutable; nothing is verified.
class Token {
 public:
  // Code::malformed; mismatch when the authority refused (status, with its text); unsupported for digests
  // other than SHA-256, SHA-384 and SHA-512; too_large beyond limits::timestamp_bytes.
  static Result<Token> parse(BytesView der);

  [[nodiscard]] Time time() const;  // genTime
  [[nodiscard]] crypto::HashAlgorithm algorithm() const;
  [[nodiscard]] const Bytes& imprint() const;                     // messageImprint
  [[nodiscard]] const std::string& policy() const;                // OID
  [[nodiscard]] const Bytes& serial() const;                      // content of the INTEGER, of any sign
  [[nodiscard]] const std::optional<Bytes>& nonce() const;        // the same
  [[nodiscard]] const std::optional<Duration>& accuracy() const;  // of time(), to both sides
  [[nodiscard]] const std::vector<crypto::x509::Certificate>& certificates() const;  // embedded, any order
  // Who issued the certificate that the signer says is its own: Name, DER; empty when it names only its key.
  // It lives as long as the token.
  [[nodiscard]] BytesView signer_issuer() const;

 private:
  friend struct Access;
  struct State;
  std::shared_ptr<const State> state_;
};

// An authority as it is trusted: `leaf` when its own certificate is known beforehand.
struct TimestampAuthority {
  std::optional<crypto::x509::Certificate> leaf;
  crypto::x509::Authority authority;
};

// The time that `authority` says `message` existed at. The token is about these bytes, one signer signed it
// (signed attributes: content type, message digest, ESSCertID or ESSCertIDv2 of the signer), whose
// certificate is the leaf or, embedded, leads to the authority, valid at that time, with the critical
// extended key usage timeStamping. Code::mismatch, bad_signature, unsupported.
Result<Time> verify(const Token& token, BytesView message, const TimestampAuthority& authority);

}  // namespace sigstore::timestamp
