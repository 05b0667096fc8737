#include "sigstore/timestamp/internal/algorithm.h"

#include <array>

namespace sigstore::timestamp::internal {

namespace der = codec::der;

namespace {

using crypto::HashAlgorithm;

// By HashAlgorithm.
constexpr std::array<std::string_view, 3> digests = {"2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2",
                                                     "2.16.840.1.101.3.4.2.3"};

std::string name_of(const std::string& oid) {
  if (oid == "1.3.14.3.2.26") return "SHA-1";
  if (oid == "1.2.840.113549.2.5") return "MD5";
  return oid;
}

}  // namespace

Result<std::string> read_algorithm(der::Reader& in) {
  TRY(auto inside, in.enter(der::sequence));
  TRY(const auto name, inside.expect(der::oid));
  TRY(auto oid, der::read_oid(name.content));
  if (inside.empty()) return oid;
  TRY(const auto parameters, inside.next());
  TRY_OK(inside.finish());
  if (parameters.tag != der::null || !parameters.content.empty())
    return fail(Code::unsupported, "an algorithm with parameters: " + oid);
  return oid;
}

Result<HashAlgorithm> read_digest_algorithm(der::Reader& in) {
  TRY(const auto oid, read_algorithm(in));
  for (std::size_t i = 0; i < digests.size(); ++i) {
    if (digests[i] == oid) return static_cast<HashAlgorithm>(i);
  }
  return fail(Code::unsupported, "the digest algorithm " + name_of(oid) + " is not supported", {},
              "timestamps use SHA-256, SHA-384 or SHA-512");
}

std::string_view oid_of(HashAlgorithm algorithm) {
  return digests[static_cast<std::size_t>(algorithm)];
}

}  // namespace sigstore::timestamp::internal
