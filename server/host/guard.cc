#include "server/host/guard.h"

#include <algorithm>
#include <expected>

#include "server/host/challenge.h"
#include "server/host/token_endpoint.h"

namespace server::host {
namespace {

struct Caller {
  std::string user;             // empty: not logged in
  bool trusted = false;         // by password: may do everything
  std::optional<Claims> token;  // by token: may do what it says
};

class Guard {
 public:
  Guard(Role role, Users& users, GuardOptions options)
      : role_(std::move(role)), users_(users), options_(std::move(options)) {}

  Response operator()(const Request& request) const {
    const auto path = request.path();
    if (options_.tokens != nullptr && path == token_path)
      return metered("", request, [&] { return give_token(request, users_, options_); });
    auto caller = identify(request);
    if (!caller) return metered("", request, [&] { return std::move(caller).error(); });
    return metered(caller->user, request, [&] { return admit(*caller, request); });
  }

 private:
  template <typename Answer>
  Response metered(std::string_view user, const Request& request, Answer answer) const {
    if (options_.rate == nullptr) return answer();
    auto refusal = over_rate(*options_.rate, user, request.peer);
    return refusal ? std::move(*refusal) : answer();
  }
  std::expected<Caller, Response> identify(const Request& request) const;
  std::expected<Caller, Response> by_password(const Login& login, const Request& request) const;
  std::expected<Caller, Response> by_token(std::string_view token, const Request& request) const;
  Response admit(const Caller& caller, const Request& request) const;
  bool may(const Caller& caller, const Request& request, const Grants& needed) const;

  const Role role_;
  Users& users_;
  const GuardOptions options_;
};

std::expected<Caller, Response> Guard::identify(const Request& request) const {
  const auto header = request.headers->get("Authorization").value_or("");
  const auto shown = parse_authorization(header);
  if (std::holds_alternative<NoLogin>(shown)) return Caller{};
  if (const auto* login = std::get_if<Login>(&shown)) return by_password(*login, request);
  const auto* token = std::get_if<BearerToken>(&shown);
  if (token != nullptr && options_.tokens != nullptr) return by_token(token->text, request);
  return std::unexpected(unauthorized(options_, request, Refusal::wrong_login));
}

std::expected<Caller, Response> Guard::by_password(const Login& login, const Request& request) const {
  const auto outcome = users_.check(login, request.peer);
  if (outcome.kind == Users::Outcome::Kind::right) return Caller{.user = login.user, .trusted = true};
  if (outcome.kind == Users::Outcome::Kind::later)
    return std::unexpected(too_many_requests(outcome.wait, "too many wrong passwords"));
  return std::unexpected(unauthorized(options_, request, Refusal::wrong_login));
}

// A token is as good as the password it was given for, and ends with it.
std::expected<Caller, Response> Guard::by_token(std::string_view token, const Request& request) const {
  auto claims = options_.tokens->read(token);
  bool valid = claims.has_value();
  if (valid && !claims->user.empty()) {
    const auto hash = users_.hash_of(claims->user);
    valid = hash && options_.tokens->stamp(*hash) == claims->stamp;
  }
  if (!valid)
    return std::unexpected(unauthorized(options_, request, Refusal::invalid_token, options_.needs(request)));
  return Caller{.user = claims->user, .token = std::move(*claims)};
}

// Whoever finds /v2/ open never logs in: there even those who may pull are told where tokens are given.
bool Guard::may(const Caller& caller, const Request& request, const Grants& needed) const {
  if (caller.trusted) return true;
  // A token is for the registry; beside it stands what shows more than the repositories that it names.
  if (caller.token && request.target.starts_with("/v2")) return covers(caller.token->access, needed);
  if (!options_.anonymous_pull || !request.reads()) return false;
  return needed.empty() ? !request.target.starts_with("/v2") : covers(granted(needed, false), needed);
}

Response Guard::admit(const Caller& caller, const Request& request) const {
  const Grants needed = options_.needs ? options_.needs(request) : Grants();
  if (!may(caller, request, needed))
    return unauthorized(options_, request, caller.token ? Refusal::insufficient_scope : Refusal::no_login,
                        needed);
  Request admitted = request;
  if (!caller.user.empty()) admitted.user = caller.user;
  admitted.scoped = caller.token.has_value();
  Response response = role_(admitted);
  response.user = caller.user;
  return response;
}

}  // namespace

Role guarded(Role role, Users& users, GuardOptions options) {
  return Guard(std::move(role), users, std::move(options));
}

}  // namespace server::host
