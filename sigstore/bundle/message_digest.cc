#include "sigstore/bundle/message_digest.h"

namespace sigstore::bundle {

using crypto::HashAlgorithm;

std::string_view protobuf_name(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha256:
      return "SHA2_256";
    case HashAlgorithm::sha384:
      return "SHA2_384";
    case HashAlgorithm::sha512:
      return "SHA2_512";
  }
  return {};
}

Result<HashAlgorithm> hash_algorithm_of(const codec::json::Value& enumeration) {
  for (const auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    if (enumeration == codec::json::Value(protobuf_name(algorithm))) return algorithm;
  }
  return fail(Code::unsupported, "the bundle's digest algorithm is not supported",
              codec::json::write(enumeration).substr(0, 64));
}

}  // namespace sigstore::bundle
