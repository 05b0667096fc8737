// The names of digest algorithms in documents of protobuf-specs (sigstore_common.proto, HashAlgorithm).
#pragma once

#include <optional>
#include <string_view>

#include "sigstore/crypto/hash.h"

namespace sigstore::crypto {

// Each at its number; the last two are of algorithms that are not known here.
inline constexpr std::string_view protobuf_hash_names[] = {
    "HASH_ALGORITHM_UNSPECIFIED", "SHA2_256", "SHA2_384", "SHA2_512", "SHA3_256", "SHA3_384"};

std::string_view protobuf_name(HashAlgorithm algorithm);  // "SHA2_256"
std::optional<HashAlgorithm> hash_by_protobuf_name(std::string_view name);

}  // namespace sigstore::crypto
