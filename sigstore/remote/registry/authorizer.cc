#include "sigstore/remote/registry/authorizer.h"

#include "sigstore/remote/registry/realm.h"

namespace sigstore::remote {
namespace {

using namespace std::chrono_literals;

// A token younger than this is not fetched again because it was refused.
constexpr auto fresh_for = 10s;

constexpr const char* actions(Access access) {
  switch (access) {
    case Access::pull:
      return ":pull";
    case Access::push:
      return ":pull,push";
    case Access::remove:
      break;
  }
  return ":pull,push,delete";
}

// One scope, or several with blanks between them.
std::string scope_of(const oci::Repository& repository, const Permission& permission) {
  if (repository.path.empty()) return {};
  const std::string scope = "repository:" + repository.path + actions(permission.access);
  return permission.also_pull.empty() ? scope : scope + " repository:" + permission.also_pull + ":pull";
}

bool is_empty(const Credential& credential) {
  return credential.username.empty() && credential.password.empty() && credential.identity_token.empty() &&
         credential.registry_token.empty();
}

}  // namespace

Authorizer::Authorizer(const Context& context, std::string registry, Endpoint endpoint)
    : context_(context),
      registry_(std::move(registry)),
      endpoint_(std::move(endpoint)),
      challenge_(endpoint_.challenge) {}

Result<Authorization> Authorizer::authorize(const oci::Repository& repository, const Permission& permission) {
  std::unique_lock lock(mutex_);
  const Challenge challenge = challenge_;
  lock.unlock();
  return make(challenge, repository, permission, {});
}

Result<std::optional<Authorization>> Authorizer::answer(const Challenge& challenge,
                                                        const oci::Repository& repository,
                                                        const Permission& permission,
                                                        const Authorization& refused) {
  using Kind = Authorization::Kind;
  if (challenge.scheme.empty() || refused.fresh) return std::nullopt;
  TRY(auto next, make(challenge, repository, permission, refused.header));
  if (next.kind == Kind::none || next.header == refused.header) return std::nullopt;
  std::scoped_lock lock(mutex_);
  challenge_ = challenge;
  return next;
}

Result<Authorization> Authorizer::make(const Challenge& challenge, const oci::Repository& repository,
                                       const Permission& permission, const std::string& refused) {
  if (challenge.scheme.empty()) return Authorization{};
  TRY(const auto known, login(repository));
  if (known != nullptr && !known->credential().registry_token.empty()) {
    const auto token = known->credential().registry_token.reveal();
    if (!fits_a_header(token))
      return fail(Code::malformed, "the registry token for " + registry_ + " cannot be used",
                  "it holds characters that no token has");
    return Authorization{Authorization::Kind::bearer, "Bearer " + std::string(token), true, true,
                         known->shown()};
  }
  if (challenge.scheme == "bearer") return bearer(challenge, repository, permission, refused);
  if (known == nullptr || !known->has_password()) return Authorization{};
  return Authorization{Authorization::Kind::basic, known->basic(), true, true, known->shown()};
}

Result<Authorization> Authorizer::bearer(const Challenge& challenge, const oci::Repository& repository,
                                         const Permission& permission, const std::string& refused) {
  TRY(const auto known, login(repository));
  Authorization authorization{Authorization::Kind::bearer, {}, known != nullptr, false, {}};
  if (known != nullptr) authorization.user = known->shown();
  auto wider = permission.access == Access::pull ? push_token(challenge, repository, refused) : std::nullopt;
  if (wider) {
    authorization.header = std::move(wider->header);
    return authorization;
  }
  TRY(auto mine, token(challenge, repository, permission, known, refused));
  authorization.header = std::move(mine.header);
  authorization.fresh = context_.env.clock->steady() - mine.fetched < fresh_for;
  return authorization;
}

Result<Authorizer::LoginPtr> Authorizer::login(const oci::Repository& repository) {
  std::unique_lock lock(mutex_);
  auto& entry = logins_[repository.path];
  if (!entry) entry = std::make_unique<Once<LoginPtr>>();
  Once<LoginPtr>& once = *entry;
  lock.unlock();
  return once.get(*context_.env.clock, [&] { return find_login(repository); });
}

Result<Authorizer::LoginPtr> Authorizer::find_login(const oci::Repository& repository) {
  for (CredentialSource* source : context_.sources) {
    TRY(auto credential, source->find(repository));
    if (!credential || is_empty(*credential)) continue;
    auto found = std::make_shared<Login>(std::move(*credential));
    if (endpoint_.base.scheme != "https" && !context_.options.allow_http)
      return fail(Code::tls, "credentials for " + registry_ + " would travel over plain HTTP",
                  registry_ + " does not speak TLS, and there are credentials of " + found->shown(),
                  "--allow-http-registry, if everybody on that network may read them");
    if (context_.options.trace)
      context_.options.trace("credentials for " + repository.text() + ": " + found->shown());
    return found;
  }
  return LoginPtr();
}

Authorizer::TokenSlot& Authorizer::slot(const Challenge& challenge, const std::string& scope) {
  std::scoped_lock lock(mutex_);
  auto& entry = tokens_[challenge.get("realm") + '\n' + challenge.get("service") + '\n' + scope];
  if (!entry) entry = std::make_unique<TokenSlot>();
  return *entry;
}

// A token that may push may pull as well.
std::optional<Token> Authorizer::push_token(const Challenge& challenge, const oci::Repository& repository,
                                            const std::string& refused) {
  if (repository.path.empty()) return std::nullopt;
  TokenSlot& wide = slot(challenge, scope_of(repository, Access::push));
  std::unique_lock lock(wide.mutex, std::try_to_lock);
  if (!lock || !wide.result || !*wide.result) return std::nullopt;
  const Token& token = **wide.result;
  if (token.expires <= context_.env.clock->steady() || token.header == refused) return std::nullopt;
  return token;
}

Result<Token> Authorizer::token(const Challenge& challenge, const oci::Repository& repository,
                                const Permission& permission, const LoginPtr& login,
                                const std::string& refused) {
  const std::string scope = scope_of(repository, permission);
  TokenSlot& mine = slot(challenge, scope);
  std::scoped_lock lock(mine.mutex);
  const auto now = context_.env.clock->steady();
  if (mine.result) {
    const Result<Token>& kept = *mine.result;
    const bool usable =
        kept ? now < kept->expires && kept->header != refused : now - mine.made < Once<Token>::failure_kept;
    if (usable) return kept;
  }
  TRY(const auto realm, check_realm(endpoint_.base, endpoint_.verified, challenge.get("realm")));
  mine.result =
      fetch_token(context_, {realm, endpoint_.base, challenge.get("service"), scope, registry_, login.get()});
  mine.made = context_.env.clock->steady();
  return *mine.result;
}

}  // namespace sigstore::remote
