// Authorization for one registry: credentials are looked for when it asks, tokens are kept per scope.
// Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sigstore/base/result.h"
#include "sigstore/remote/registry/context.h"
#include "sigstore/remote/registry/failure.h"
#include "sigstore/remote/registry/once.h"
#include "sigstore/remote/registry/ping.h"
#include "sigstore/remote/registry/token.h"

namespace sigstore::remote {

struct Authorization {
  enum class Kind { none, basic, bearer } kind = Kind::none;
  std::string header;  // the value of Authorization; "" sends none
  bool with_credentials = false;
  bool fresh = false;  // nothing newer can be had: a refusal is final
  std::string user;    // for messages
};

// What a request needs to be allowed.
struct Permission {
  Permission(Access what) : access(what) {}  // NOLINT(google-explicit-constructor): an access is one
  Permission(Access what, std::string from) : access(what), also_pull(std::move(from)) {}
  Access access;
  std::string also_pull;  // the path of another repository of the same registry; may be empty
};

class Authorizer {
 public:
  Authorizer(const Context& context, std::string registry, Endpoint endpoint);

  [[nodiscard]] const net::Url& base() const { return endpoint_.base; }  // of /v2/

  // What the first request for this repository carries. Code::tls when credentials would travel over plain
  // http that no flag allows, or to a realm that is refused; the errors of sources and of fetch_token().
  Result<Authorization> authorize(const oci::Repository& repository, const Permission& permission);

  // What the next try carries after `refused` was answered with this challenge; nullopt when no try can be
  // better. The scope is always the one that this access needs, whatever the challenge names.
  Result<std::optional<Authorization>> answer(const Challenge& challenge, const oci::Repository& repository,
                                              const Permission& permission, const Authorization& refused);

 private:
  using LoginPtr = std::shared_ptr<Login>;  // null: nothing is known for that repository
  struct TokenSlot {
    std::mutex mutex;  // held while the token is fetched: others wait for it
    std::optional<Result<Token>> result;
    std::chrono::steady_clock::time_point made;
  };

  Result<Authorization> make(const Challenge& challenge, const oci::Repository& repository,
                             const Permission& permission, const std::string& refused);
  Result<Authorization> bearer(const Challenge& challenge, const oci::Repository& repository,
                               const Permission& permission, const std::string& refused);
  Result<LoginPtr> login(const oci::Repository& repository);
  Result<LoginPtr> find_login(const oci::Repository& repository);
  Result<Token> token(const Challenge& challenge, const oci::Repository& repository,
                      const Permission& permission, const LoginPtr& login, const std::string& refused);
  std::optional<Token> push_token(const Challenge& challenge, const oci::Repository& repository,
                                  const std::string& refused);
  TokenSlot& slot(const Challenge& challenge, const std::string& scope);

  const Context& context_;
  const std::string registry_;
  const Endpoint endpoint_;
  std::mutex mutex_;  // of the three below
  Challenge challenge_;
  std::map<std::string, std::unique_ptr<Once<LoginPtr>>> logins_;  // by repository
  std::map<std::string, std::unique_ptr<TokenSlot>> tokens_;       // by realm, service and scope
};

}  // namespace sigstore::remote
