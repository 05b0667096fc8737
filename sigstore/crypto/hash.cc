#include "sigstore/crypto/hash.h"

#include <array>
#include <cstdlib>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto {
namespace {

constexpr std::array<std::string_view, 3> names = {"sha256", "sha384", "sha512"};
constexpr std::array<std::size_t, 3> sizes = {32, 48, 64};

// Digesting fails only without memory, like any container here.
void need(bool done) {
  if (!done) std::abort();
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
  Bytes digest(size_of(algorithm));
  need(EVP_Digest(data.data(), data.size(), digest.data(), nullptr, internal::digest_method(algorithm),
                  nullptr) == 1);
  return digest;
}

Bytes sha256(BytesView data) {
  return hash(HashAlgorithm::sha256, data);
}

struct Hasher::State {
  internal::DigestContextPtr context;
  std::size_t size = 0;
};

Hasher::Hasher(HashAlgorithm algorithm) : state_(std::make_unique<State>()) {
  const EVP_MD* method = internal::digest_method(algorithm);
  state_->context.reset(EVP_MD_CTX_new());
  state_->size = size_of(algorithm);
  need(state_->context != nullptr && EVP_DigestInit_ex(state_->context.get(), method, nullptr) == 1);
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(BytesView data) {
  need(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) == 1);
}

Bytes Hasher::finish() {
  Bytes digest(state_->size);
  need(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace sigstore::crypto
