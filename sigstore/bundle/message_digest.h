// The names of digest algorithms in a bundle (protobuf-specs, HashAlgorithm). Private to this room.
#pragma once

#include <string_view>

#include "sigstore/codec/json.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::bundle {

std::string_view protobuf_name(crypto::HashAlgorithm algorithm);  // "SHA2_256"
// Of a normalized enumeration; Code::unsupported for an algorithm that is not known here.
Result<crypto::HashAlgorithm> hash_algorithm_of(const codec::json::Value& enumeration);

}  // namespace sigstore::bundle
