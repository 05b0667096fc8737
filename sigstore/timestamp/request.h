// TimeStampReq (RFC 3161, 2.4.1): what a timestamp authority is asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::timestamp {

struct Request {
  crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256;
  Bytes imprint;                        // the digest by `algorithm` of what is to be timestamped
  std::optional<std::string> policy;    // OID
  std::optional<Bytes> nonce;           // content of an INTEGER, of any sign
  bool certificates = false;            // whether the token is to carry the authority's certificate
  std::vector<std::string> extensions;  // OIDs; their values are not kept, and encode() writes none

  // Code::malformed; unsupported for digests other than SHA-256, SHA-384 and SHA-512; too_large beyond
  // limits::timestamp_bytes, and for a nonce of more than 64 octets.
  static Result<Request> parse(BytesView der);
  [[nodiscard]] Bytes encode() const;

  friend bool operator==(const Request&, const Request&) = default;
};

}  // namespace sigstore::timestamp
