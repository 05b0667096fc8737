// Key references and the backends that open them: a folder each, found by leaves() (no registration by hand).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/crypto/key.h"

namespace sigstore::keys {

class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;  // "file", "env"
  // Code::not_mine when `reference` is for another backend; anything else is final.
  virtual Result<std::unique_ptr<crypto::Signer>> open_signer(const Env& env,
                                                              const std::string& reference) = 0;
  // Code::mismatch when it is a private key.
  virtual Result<crypto::PublicKey> open_public(const Env& env, const std::string& reference) = 0;
};

// All backends of this build, the most specific first, `file` last. Generated table.
const std::vector<std::unique_ptr<Provider>>& providers();

// Asks the providers in order.
Result<std::unique_ptr<crypto::Signer>> open_signer(const Env& env, const std::string& reference);
Result<crypto::PublicKey> open_public(const Env& env, const std::string& reference);
// The public half of either: a private key is opened for it, which may ask for its password.
Result<crypto::PublicKey> open_public_half(const Env& env, const std::string& reference);

}  // namespace sigstore::keys
