// The digest algorithm that a bundle names. Private to this room.
#pragma once

#include "sigstore/codec/json.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::bundle {

// Of a normalized enumeration; Code::unsupported for an algorithm that is not known here.
Result<crypto::HashAlgorithm> hash_algorithm_of(const codec::json::Value& enumeration);

}  // namespace sigstore::bundle
