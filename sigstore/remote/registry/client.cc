#include "sigstore/remote/registry/client.h"

namespace sigstore::remote {
namespace {

bool wants_authorization(const Reply& reply) {
  if (!reply.own) return false;
  if (reply.response.status == 401) return true;
  return reply.response.status == 403 &&
         preferred_challenge(reply.response.headers).get("error") == "insufficient_scope";
}

// A storage host that the registry sent us to. Its 401 or 403 says nothing about our permissions at the
// registry.
Error refused_elsewhere(const Call& call, const Reply& reply) {
  const int status = reply.response.status;
  const Code code = status == 404                    ? Code::not_found
                    : status == 429 || status >= 500 ? Code::unavailable
                                                     : Code::unsupported;
  return {code,
          reply.url.authority() + ", where " + call.repository.registry + " sends us for " + call.subject +
              ", refuses",
          status_text(status, reply.response.body),
          {}};
}

}  // namespace

Client::Host& Client::host(const std::string& registry) {
  std::scoped_lock lock(mutex_);
  auto& entry = hosts_[registry];
  if (!entry) entry = std::make_unique<Host>();
  return *entry;
}

Result<std::shared_ptr<Authorizer>> Client::authorizer(const std::string& registry) {
  return host(registry).authorizer.get(*context_.env.clock, [&]() -> Result<std::shared_ptr<Authorizer>> {
    TRY(auto endpoint, ping(context_, registry));
    return std::make_shared<Authorizer>(context_, registry, std::move(endpoint));
  });
}

Result<net::Url> Client::base(const std::string& registry) {
  TRY(const auto known, authorizer(registry));
  return known->base();
}

Result<Reply> Client::exchange(const Call& call, const net::Url& url, Authorization authorization) {
  net::Request request{call.method, url, call.headers, call.body, call.max_body};
  request.source = call.source;
  request.on_head = call.on_head;
  if (!authorization.header.empty()) request.headers.set("Authorization", authorization.header);
  auto answer = send_following(context_, context_.options.retry, call.repeat, std::move(request), call.sink);
  if (!answer && answer.error().code == Code::too_large)
    return fail(answer.error().wrap("the registry's answer for " + call.subject + " is too large"));
  if (!answer) return fail(answer.error());
  const bool own = answer->url.same_origin(url);
  return Reply{std::move(answer->response), std::move(answer->url), std::move(authorization), own};
}

Result<Reply> Client::send(const Call& call) {
  TRY(const auto authorizer, this->authorizer(call.repository.registry));
  net::Url url = authorizer->base();
  if (call.url) {
    // Another place that the registry named gets no credentials, and its challenges no answer.
    if (!call.url->same_origin(url)) {
      TRY(auto reply, exchange(call, *call.url, {}));
      reply.own = false;
      return reply;
    }
    url = *call.url;
  } else {
    TRY(url,
        url.resolve("/v2/" + (call.repository.path.empty() ? "" : call.repository.path + "/") + call.path));
  }
  const Permission permission(call.access, call.also_pull);
  TRY(auto authorization, authorizer->authorize(call.repository, permission));
  for (int round = 0;; ++round) {
    TRY(auto reply, exchange(call, url, std::move(authorization)));
    if (round == limits::auth_rounds || !wants_authorization(reply)) return reply;
    const Challenge challenge = preferred_challenge(reply.response.headers);
    TRY(auto next, authorizer->answer(challenge, call.repository, permission, reply.authorization));
    if (!next) return reply;
    authorization = std::move(*next);
  }
}

Error Client::failure(const Call& call, const Reply& reply) {
  if (!reply.own) return refused_elsewhere(call, reply);
  return refusal({.status = reply.response.status,
                  .body = reply.response.body,
                  .repository = call.repository,
                  .subject = call.subject,
                  .access = call.access,
                  .with_credentials = reply.authorization.with_credentials,
                  .by_password = reply.authorization.kind == Authorization::Kind::basic,
                  .user = reply.authorization.user});
}

Result<void> Client::check_login(const std::string& registry) {
  Call call;
  call.repository.registry = registry;
  call.subject = "a login";
  TRY(const auto reply, send(call));
  if (reply.response.status == 200) {
    if (reply.authorization.kind == Authorization::Kind::none && context_.options.notice)
      context_.options.notice(registry + " asks for no credentials: they could not be checked");
    return {};
  }
  if (reply.authorization.with_credentials && reply.response.status == 401)
    return fail(Code::unauthorized,
                registry + " does not accept the credentials of " + reply.authorization.user,
                status_text(reply.response.status, reply.response.body));
  return fail(failure(call, reply));
}

}  // namespace sigstore::remote
