// Counts signatures, and remembers what it found: a key that several roles have is opened once, and no
// signature is verified twice. For one thread. Private to this room.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "sigstore/crypto/key.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::tuf::internal {

// A key and how it signs.
struct Opened {
  crypto::PublicKey key;
  crypto::Scheme scheme{};
};
Result<Opened> open(const Key& key);

class Verifier {
 public:
  // verify_threshold() of tuf/key.h.
  Result<void> threshold(const Role& role, const Keys& keys, std::string_view signed_bytes,
                         const std::vector<Signature>& signatures, std::string_view what);

 private:
  using KeyName = std::tuple<std::string, std::string, std::string>;  // type, scheme, value
  using Question = std::tuple<Bytes, crypto::Scheme, Bytes, Bytes>;   // SPKI, …, digest, signature
  const Opened* opened(const Key& key);                               // nullptr when it cannot be used
  bool verified(const Opened& by, std::string_view signed_bytes, const Bytes& digest, const Bytes& signature);

  std::map<KeyName, std::optional<Opened>> keys_;
  std::map<Question, bool> answers_;
};

}  // namespace sigstore::tuf::internal
