// AlgorithmIdentifier and the digests of tokens.
#pragma once

#include <string>

#include "sigstore/codec/der.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::timestamp::internal {

// The OID of the AlgorithmIdentifier that comes next. Parameters are absent or NULL, which the algorithms
// here take alike (RFC 5754, 2; RFC 8419); Code::unsupported for others.
Result<std::string> read_algorithm(codec::der::Reader& in);
// The same, of a digest: Code::unsupported for others than SHA-256, SHA-384 and SHA-512.
Result<crypto::HashAlgorithm> read_digest_algorithm(codec::der::Reader& in);

std::string_view oid_of(crypto::HashAlgorithm algorithm);

}  // namespace sigstore::timestamp::internal
