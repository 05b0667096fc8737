#include "sigstore/crypto/x509/signature_algorithm.h"

#include <algorithm>

#include "sigstore/codec/der.h"

namespace sigstore::crypto::x509 {

namespace der = codec::der;

std::optional<Bytes> algorithm_identifier(Scheme scheme) {
  const auto* known = std::ranges::find(signature_algorithms, scheme, &SignatureAlgorithm::scheme);
  if (known == signature_algorithms.end()) return std::nullopt;
  const bool rsa = scheme >= Scheme::rsa_pkcs1_sha256 && scheme <= Scheme::rsa_pkcs1_sha512;
  std::vector<Bytes> parts = {der::encode_oid(known->oid)};
  if (rsa) parts.push_back(der::encode(der::null, BytesView()));
  return der::encode(der::sequence, parts);
}

}  // namespace sigstore::crypto::x509
