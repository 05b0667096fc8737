// Bearer tokens (distribution-spec's token authentication): one request to the realm that the registry names.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"
#include "sigstore/net/url.h"
#include "sigstore/remote/registry/context.h"
#include "sigstore/remote/registry/credentials.h"

namespace sigstore::remote {

// A credential in use. Thread-safe: a token server may give a new refresh token for the old one.
class Login {
 public:
  explicit Login(Credential credential) : credential_(std::move(credential)) {}
  [[nodiscard]] const Credential& credential() const { return credential_; }
  [[nodiscard]] Secret identity_token() const;
  void renew(Secret identity_token);
  [[nodiscard]] bool has_password() const {
    return !credential_.username.empty() || !credential_.password.empty();
  }
  // The value of an Authorization header.
  [[nodiscard]] std::string basic() const;
  // "USER (from SOURCE)"
  [[nodiscard]] std::string shown() const;

 private:
  const Credential credential_;
  mutable std::mutex mutex_;
  Secret renewed_;
};

struct TokenRequest {
  net::Url realm;  // checked by check_realm()
  net::Url base;   // of the registry, whose TLS settings also count for its token server
  std::string service;
  std::string scope;       // "" for none; several with blanks between them
  std::string registry;    // for messages
  Login* login = nullptr;  // nullptr: anonymous
};

struct Token {
  std::string header;  // "Bearer …"
  std::chrono::steady_clock::time_point fetched, expires;
};

// Whether a token can stand in an Authorization header: printable, without spaces, bounded.
bool fits_a_header(std::string_view token);

// An identity token goes by POST (OAuth2 refresh, RFC 6749 section 6), and when the server answers 404 by GET
// like username and password. Code::unauthorized when the server refuses the credentials or wants some;
// unavailable, malformed, and the transport's errors.
Result<Token> fetch_token(const Context& context, const TokenRequest& wanted);

}  // namespace sigstore::remote
