#include "cosign/commands/registry-serve/access.h"

#include "server/registry/needs.h"
#include "sigstore/net/url.h"

namespace cosign::serve {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

Result<std::string> parse_external_url(const std::string& text) {
  if (text.empty()) return std::string();
  auto url = sigstore::net::Url::parse(text);
  if (!url || !url->query.empty())
    return fail(Code::invalid_argument, "--external-url cannot be " + text,
                url ? "it has a query" : url.error().text(), "write it as https://registry.example.com");
  std::string whole = url->text();
  while (whole.ends_with('/')) whole.pop_back();
  return whole;
}

// Figures of the service are for users, also where everybody may pull. No token is given for them.
server::host::Grants needs(const server::host::Request& request) {
  if (request.path() == "/metrics") return {{"registry", "metrics", {"read"}}};
  return server::registry::needs(request);
}

}  // namespace

server::host::Role Access::guard(server::host::Role role, server::host::Buckets* rate) const {
  if (!users) return rate != nullptr ? server::host::limited(std::move(role), *rate) : role;
  return server::host::guarded(std::move(role), *users,
                               {.realm = "cosign registry",
                                .tokens = tokens.get(),
                                .needs = needs,
                                .anonymous_pull = anonymous_pull,
                                .external_url = external_url,
                                .rate = rate});
}

void AccessFlags::declare(FlagSet& flags) {
  flags.text("htpasswd", &users, "FILE",
             "users that may come in, as `htpasswd -B` writes them; read again when it changes");
  flags.boolean("tokens", &tokens, "users get tokens that last five minutes, at /token, for their passwords");
  flags.boolean("anonymous-pull", &anonymous_pull, "everybody may pull, users may push; with --tokens");
  flags.text("external-url", &external_url, "URL", "where clients see this registry, behind a proxy");
}

Result<Access> AccessFlags::open(const sigstore::Env& env, server::host::Users::Trouble trouble) const {
  const bool asks = tokens || anonymous_pull;
  if (asks && users.empty())
    return fail(Code::invalid_argument,
                std::string(tokens ? "--tokens" : "--anonymous-pull") + " needs users that may come in", {},
                "--htpasswd FILE");
  Access access;
  access.anonymous_pull = anonymous_pull;
  TRY(access.external_url, parse_external_url(external_url));
  if (!users.empty()) {
    TRY(access.users, server::host::Users::open(env, users, std::move(trouble)));
  }
  if (asks)
    access.tokens = std::make_unique<server::host::Tokens>(*env.clock, *env.random, "cosign-registry");
  return access;
}

}  // namespace cosign::serve
