// What is called here is marked as deprecated since OpenSSL 3.0, and it is what its providers call: finding
// those costs more than most programs hash (docs/design/decisions/0011-openssl-underneath.md).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sigstore/crypto/hash.h"

#include <openssl/sha.h>

#include <array>
#include <variant>

namespace sigstore::crypto {
namespace {

constexpr std::array<std::string_view, 3> names = {"sha256", "sha384", "sha512"};
constexpr std::array<std::size_t, 3> sizes = {32, 48, 64};

struct Sha256 {
  SHA256_CTX context{};
  Sha256() { SHA256_Init(&context); }
  void update(BytesView data) { SHA256_Update(&context, data.data(), data.size()); }
  void finish(Bytes& out) { SHA256_Final(out.data(), &context); }
};

struct Sha384 {
  SHA512_CTX context{};
  Sha384() { SHA384_Init(&context); }
  void update(BytesView data) { SHA384_Update(&context, data.data(), data.size()); }
  void finish(Bytes& out) { SHA384_Final(out.data(), &context); }
};

struct Sha512 {
  SHA512_CTX context{};
  Sha512() { SHA512_Init(&context); }
  void update(BytesView data) { SHA512_Update(&context, data.data(), data.size()); }
  void finish(Bytes& out) { SHA512_Final(out.data(), &context); }
};

using Sha = std::variant<Sha256, Sha384, Sha512>;  // in the order of HashAlgorithm

Sha make(HashAlgorithm algorithm) {
  if (algorithm == HashAlgorithm::sha256) return Sha256();
  if (algorithm == HashAlgorithm::sha384) return Sha384();
  return Sha512();
}

void update(Sha& sha, BytesView data) {
  std::visit([&](auto& one) { one.update(data); }, sha);
}

Bytes finish(Sha& sha) {
  Bytes digest(sizes[sha.index()]);
  std::visit([&](auto& one) { one.finish(digest); }, sha);
  return digest;
}

}  // namespace

std::size_t size_of(HashAlgorithm algorithm) {
  return sizes[static_cast<std::size_t>(algorithm)];
}
std::string_view name(HashAlgorithm algorithm) {
  return names[static_cast<std::size_t>(algorithm)];
}

Result<HashAlgorithm> hash_algorithm(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<HashAlgorithm>(i);
  }
  return fail(Code::unsupported, "unknown digest algorithm " + std::string(name), {},
              "sha256, sha384 and sha512 are known");
}

Bytes hash(HashAlgorithm algorithm, BytesView data) {
  Sha sha = make(algorithm);
  update(sha, data);
  return finish(sha);
}

Bytes sha256(BytesView data) {
  return hash(HashAlgorithm::sha256, data);
}

struct Hasher::State {
  Sha sha;
};

Hasher::Hasher(HashAlgorithm algorithm) : state_(std::make_unique<State>(make(algorithm))) {}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(BytesView data) {
  crypto::update(state_->sha, data);
}

Bytes Hasher::finish() {
  return crypto::finish(state_->sha);
}

}  // namespace sigstore::crypto
