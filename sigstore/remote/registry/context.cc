#include "sigstore/remote/registry/context.h"

namespace sigstore::remote {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<net::Url> redirect_target(const net::Url& from, const std::string& location) {
  auto target = from.resolve(location);
  if (!target) return fail(target.error().wrap(from.authority() + " redirects to something that is no URL"));
  if (from.scheme == "https" && target->scheme != "https")
    return fail(
        Code::tls, "a redirect from TLS to plain HTTP is not followed",
        from.authority() + " redirects to " + target->scheme + "://" + target->authority(),
        "behind a proxy that ends TLS the registry must be told its outer address (X-Forwarded-Proto)");
  return target;
}

}  // namespace

Result<Answer> send_following(const Context& context, const net::RetryPolicy& retry, net::Repeat repeat,
                              net::Request request, const ByteSink* sink) {
  const std::string first = request.url.authority();
  for (int followed = 0;; ++followed) {
    TRY(auto response, net::send_with_retry(*context.transport, context.env, retry, repeat, request, sink));
    const auto location = response.headers.get("Location");
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads || !location || !is_redirect(response.status))
      return Answer{std::move(response), std::move(request.url)};
    if (followed == limits::redirects)
      return fail(Code::malformed, first + " redirects without end",
                  "more than " + std::to_string(limits::redirects) + " redirects for one request");
    TRY(auto target, redirect_target(request.url, *location));
    if (!target.same_origin(request.url)) {
      request.headers.remove("Authorization");
      request.tls_of.reset();
    }
    request.url = std::move(target);
  }
}

}  // namespace sigstore::remote
