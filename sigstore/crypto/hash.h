// Message digests (FIPS 180-4).
#pragma once

#include <memory>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::crypto {

enum class HashAlgorithm { sha256, sha384, sha512 };

std::size_t size_of(HashAlgorithm algorithm);    // bytes of a digest
std::string_view name(HashAlgorithm algorithm);  // "sha256"
Result<HashAlgorithm> hash_algorithm(std::string_view name);

Bytes hash(HashAlgorithm algorithm, BytesView data);
Bytes sha256(BytesView data);

// The same in pieces. Not for use from two threads at once.
class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();
  void update(BytesView data);
  Bytes finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sigstore::crypto
