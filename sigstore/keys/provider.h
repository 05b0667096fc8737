// Key references and the backends that open them: a folder each, found by leaves() (no registration by hand).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/crypto/key.h"
#include "sigstore/net/transport.h"

namespace sigstore::keys {

// What the backends stand on. Cheap to copy; all that it leads to outlives every key that is opened with it.
struct Context {
  Context(const Env& outside) : env(outside) {}  // NOLINT(google-explicit-constructor): files need no more

  Env env;
  // A transport of its own to a service, with these TLS settings; it ends with the run. Empty: there is no
  // network here.
  std::function<std::unique_ptr<net::Transport>(net::TlsOptions)> connect;
  std::optional<std::chrono::steady_clock::time_point> deadline;  // of the whole run
};

// What a new key should be.
struct NewKey {
  std::string algorithm;        // as the backend names it; empty: the backend's own choice
  bool overwrite = false;       // a key that is there may be replaced without a question
  bool password_apart = false;  // do not keep the password beside the key; where the backend would
};

class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;  // "file", "env"
  // Code::not_mine when `reference` is for another backend; anything else is final. Nothing is asked of the
  // network before that is known.
  virtual Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                              const std::string& reference) = 0;
  // Code::mismatch when it is a private key.
  virtual Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) = 0;
  // Makes a key where `reference` says, and returns its public half. By default Code::not_mine: keys of this
  // kind are made in another way.
  virtual Result<crypto::PublicKey> create(const Context& /*context*/, const std::string& /*reference*/,
                                           const NewKey& /*wanted*/) {
    return fail(Code::not_mine, "no keys are made here");
  }
};

// All backends of this build, the most specific first, `plugin` and `file` last. Generated table.
const std::vector<std::unique_ptr<Provider>>& providers();

// Asks the providers in order.
Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context, const std::string& reference);
Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference);
// Code::unsupported where no backend makes keys of that kind.
Result<crypto::PublicKey> create(const Context& context, const std::string& reference, const NewKey& wanted);
// The public half of either: a private key is opened for it, which may ask for its password.
Result<crypto::PublicKey> open_public_half(const Context& context, const std::string& reference);

}  // namespace sigstore::keys
