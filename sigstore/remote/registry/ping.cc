#include "sigstore/remote/registry/ping.h"

#include "sigstore/remote/registry/failure.h"

namespace sigstore::remote {
namespace {

Result<net::Url> base_url(std::string_view scheme, const std::string& registry) {
  auto url = net::Url::parse(std::string(scheme) + "://" + registry + "/v2/");
  if (!url || url->path != "/v2/" || !url->query.empty())
    return fail(Code::invalid_argument, registry + " is no registry: host or host:port is wanted",
                url ? "" : url.error().text());
  return url;
}

bool may_be_plain(const RegistryOptions& options, const std::string& host) {
  return options.allow_http || options.allow_insecure || net::is_loopback(host) || net::is_rfc1918(host);
}

bool is_busy(int status) {
  return status == 429 || status >= 500;
}

Result<Answer> ask(const Context& context, const net::RetryPolicy& retry, const net::Url& base) {
  net::Request request;
  request.url = base;
  return send_following(context, retry, net::Repeat::idempotent, std::move(request));
}

Result<Endpoint> endpoint(const Context& context, const net::Url& base, const Answer& answer) {
  const int status = answer.response.status;
  if (status == 200 || status == 401 || status == 403) {
    // Another host that we were redirected to has no say in where credentials go.
    const bool own = answer.url.same_origin(base);
    return Endpoint{base, base.scheme == "https" && !context.options.allow_insecure,
                    own ? preferred_challenge(answer.response.headers) : Challenge{}};
  }
  const std::string cause = status_text(status, answer.response.body);
  if (status == 429)
    return fail(Code::unavailable, base.authority() + " limits how often it is asked", cause,
                "wait a while, or log in: cosign login " + base.authority());
  if (is_busy(status)) return fail(Code::unavailable, base.authority() + " does not answer now", cause);
  return fail(Code::unsupported, base.authority() + " does not answer as a registry",
              "GET " + base.text() + " gives " + cause);
}

// The answer over plain http, or nothing when that is no registry either and what was said over TLS stands:
// unless that was plain HTTP, or the run was ended meanwhile.
std::optional<Result<Endpoint>> ping_plain(const Context& context, const std::string& registry,
                                           const Error& over_tls) {
  const auto base = base_url("http", registry);
  if (!base) return std::nullopt;
  const bool speaks_plain = over_tls.code == Code::malformed;
  const auto answer = ask(context, context.options.retry, *base);
  if (!answer && (speaks_plain || answer.error().code == Code::cancelled)) return fail(answer.error());
  if (!answer) return std::nullopt;
  auto found = endpoint(context, *base, *answer);
  if (!found && found.error().code == Code::unsupported && !speaks_plain) return std::nullopt;
  if (found && !context.options.allow_http && context.options.notice)
    context.options.notice(registry + " does not speak TLS: plain HTTP is used");
  return found;
}

}  // namespace

Result<Endpoint> ping(const Context& context, const std::string& registry) {
  TRY(const auto base, base_url("https", registry));
  const bool plain_allowed = may_be_plain(context.options, base.host);
  net::RetryPolicy retry = context.options.retry;
  if (plain_allowed) retry.attempts = 1;  // what plain http may answer is not waited for
  auto answer = ask(context, retry, base);
  if (!answer && plain_allowed && answer.error().code != Code::cancelled)
    if (auto plain = ping_plain(context, registry, answer.error())) return std::move(*plain);
  if (answer && plain_allowed && is_busy(answer->response.status))
    answer = ask(context, context.options.retry, base);
  if (!answer) return fail(answer.error());
  return endpoint(context, base, *answer);
}

}  // namespace sigstore::remote
