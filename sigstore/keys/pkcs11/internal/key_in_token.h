// One key in one token: found, asked for its public half, made, and signed with.
#pragma once

#include <mutex>

#include "sigstore/keys/pkcs11/internal/helper.h"
#include "sigstore/keys/pkcs11/internal/pin.h"

namespace sigstore::keys::internal {

// Thread-safe once it is open. Each signature is a process of its own, one at a time: a token does no more,
// and SoftHSM does not see a token while another process opens it.
class KeyInToken final : public crypto::Signer {
 public:
  // Logs in where the token wants it, and finds the private key and its public half.
  static Result<std::unique_ptr<KeyInToken>> open(const Context& context, TokenUri uri);
  // The public half alone, without a login where it can be seen so.
  static Result<crypto::PublicKey> open_public(const Context& context, TokenUri uri);
  // Makes it, and signs once to see that it works. Code::conflict when there is one of that name.
  static Result<crypto::PublicKey> create(const Context& context, TokenUri uri, const std::string& algorithm);

  [[nodiscard]] const crypto::PublicKey& public_key() const override { return *public_; }
  Result<Bytes> sign(crypto::Scheme scheme, BytesView message) override;
  Result<Bytes> sign_digest(crypto::Scheme scheme, BytesView digest) override;

 private:
  KeyInToken(TokenUri uri, Helper helper) : uri_(std::move(uri)), helper_(std::move(helper)) {}
  Result<void> log_in(const Env& env);
  Result<codec::json::Object> ask(const std::string& method, codec::json::Object rest = {}) const;

  TokenUri uri_;
  Helper helper_;
  bool login_ = false;
  std::optional<Pin> pin_;
  std::optional<crypto::PublicKey> public_;
  std::mutex signing_;
};

// How to log in: not at all, with a PIN, or (without one) at the token's own keypad.
struct Login {
  bool wanted = false;
  std::optional<Pin> pin;
};
// With `given`; without it the token is asked whether it wants one, and then the person. `prompt` is given
// the token's label. A PIN that is known to be locked is not asked for.
Result<Login> prepare_login(const Env& env, const Helper& helper, const TokenUri& uri,
                            std::optional<Pin> given,
                            const std::function<std::string(const std::string& token)>& prompt);

}  // namespace sigstore::keys::internal
