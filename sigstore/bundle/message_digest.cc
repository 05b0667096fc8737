#include "sigstore/bundle/message_digest.h"

#include "sigstore/crypto/protobuf_name.h"

namespace sigstore::bundle {

Result<crypto::HashAlgorithm> hash_algorithm_of(const codec::json::Value& enumeration) {
  const auto* name = enumeration.string();
  const auto algorithm = name == nullptr ? std::nullopt : crypto::hash_by_protobuf_name(*name);
  if (algorithm) return *algorithm;
  return fail(Code::unsupported, "the bundle's digest algorithm is not supported",
              codec::json::write(enumeration).substr(0, 64));
}

}  // namespace sigstore::bundle
