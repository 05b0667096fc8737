// Bearer tokens that this process issues and reads again: opaque to everybody else, signed (HMAC-SHA-256)
// with a key that is made at the start and never leaves its memory.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

#include "server/host/grant.h"
#include "sigstore/base/env.h"

namespace server::host {

struct Claims {
  std::string user;   // empty: anybody
  std::string stamp;  // of the user's password, so that a token ends with it
  Grants access;
};

// Thread-safe.
class Tokens {
 public:
  static constexpr std::chrono::seconds life{300};
  enum class Flaw {
    forged,   // no token of this process, or for another service
    expired,  // it was one
  };

  // `clock` outlives it. `service` has no line break.
  Tokens(const sigstore::Clock& clock, sigstore::Random& random, std::string service);

  [[nodiscard]] std::string issue(const Claims& claims) const;
  [[nodiscard]] std::expected<Claims, Flaw> read(std::string_view token) const;
  // A short mark of a password's hash, which says nothing about it.
  [[nodiscard]] std::string stamp(std::string_view password_hash) const;
  [[nodiscard]] const std::string& service() const { return service_; }

 private:
  const sigstore::Clock& clock_;
  const std::string service_;
  sigstore::Secret key_;
};

}  // namespace server::host
