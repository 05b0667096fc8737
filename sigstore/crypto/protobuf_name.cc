#include "sigstore/crypto/protobuf_name.h"

namespace sigstore::crypto {

std::string_view protobuf_name(HashAlgorithm algorithm) {
  return protobuf_hash_names[static_cast<std::size_t>(algorithm) + 1];
}

std::optional<HashAlgorithm> hash_by_protobuf_name(std::string_view name) {
  for (const auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512})
    if (protobuf_name(algorithm) == name) return algorithm;
  return std::nullopt;
}

}  // namespace sigstore::crypto
