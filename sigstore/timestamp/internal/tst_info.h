// TSTInfo (RFC 3161, 2.4.2): what an authority signs.
#pragma once

#include <optional>
#include <string>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/codec/der.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::timestamp::internal {

struct Imprint {
  crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256;
  Bytes hash;
};
// MessageImprint. Code::malformed when the hash has not the algorithm's length.
Result<Imprint> read_imprint(codec::der::Reader& in);

struct TstInfo {
  Time time;
  Imprint imprint;
  std::string policy;
  Bytes serial;  // content of the INTEGER
  std::optional<Bytes> nonce;
  std::optional<Duration> accuracy;
  bool ordering = false;
};

// Code::malformed; unsupported for other versions, digests and critical extensions.
Result<TstInfo> parse_tst_info(BytesView der);

// GeneralizedTime with or without a fraction, as RFC 3161 restricts it: UTC, no zeros at the fraction's end.
Result<Time> read_generalized_time(BytesView content);
// Time (RFC 5652, 11.3): UTCTime of the years 1950 to 2049, or GeneralizedTime.
Result<Time> read_time(const codec::der::Element& element);
// The content of an INTEGER of any sign, minimal.
Result<Bytes> read_integer(codec::der::Reader& in);

}  // namespace sigstore::timestamp::internal
