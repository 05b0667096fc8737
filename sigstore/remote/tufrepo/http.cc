#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/net/retry.h"
#include "sigstore/remote/tufrepo/internal/names.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace sigstore::remote {
namespace {

using net::Url;

constexpr const char* address_hint = "is this the address of a TUF repository?";

// Without the query, which may hold somebody's secret.
std::string shown(Url url) {
  url.query.clear();
  return url.text();
}

Url below(Url base, const std::string& path) {
  if (!base.path.ends_with('/')) base.path += '/';
  base.path += path;
  return base;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What comes is signed, and nothing secret goes along; but nobody who asked by https is led to plain http.
bool may_follow(const Url& from, const Url& to) {
  return to.scheme == "https" || (to.scheme == "http" && from.scheme == "http");
}

std::string status_of(const net::Response& answer) {
  const std::string status = "HTTP " + std::to_string(answer.status);
  const auto place = answer.headers.get("Location");
  if (!place) return status;
  return status + " to " +
         codec::printable(place->substr(0, std::min<std::size_t>(place->find_first_of("?#"), 300)));
}

Error refusal(const Url& url, const net::Response& answer) {
  const std::string where = shown(url), cause = status_of(answer);
  const int status = answer.status;
  if (status == 403 || status == 404) return {Code::not_found, "there is no " + where, cause, ""};
  if (status / 100 == 3) return {Code::malformed, where + " sends us elsewhere", cause, address_hint};
  if (status == 408 || status == 429 || status >= 500)
    return {Code::unavailable, where + " could not be had", cause, "try again in a while"};
  if (status == 401) return {Code::unauthorized, where + " wants a login", cause, address_hint};
  return {Code::unsupported, where + " could not be had", cause, address_hint};
}

class HttpRepository final : public tuf::Repository {
 public:
  HttpRepository(const Env& env, std::unique_ptr<net::Transport> transport, TufUrls urls)
      : env_(env), transport_(std::move(transport)), urls_(std::move(urls)) {}

  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    TRY_OK(check_metadata_name(file));
    return get(below(urls_.metadata, file), max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    TRY_OK(check_target_name(path));
    return get(below(urls_.targets, target_in_url(path)), std::min<std::uint64_t>(max, SIZE_MAX));
  }

 private:
  Result<net::Response> send(const Url& url, std::size_t max);
  Result<std::string> get(Url url, std::size_t max);

  Env env_;
  std::unique_ptr<net::Transport> transport_;
  TufUrls urls_;
};

Result<net::Response> HttpRepository::send(const Url& url, std::size_t max) {
  net::Request request;
  request.url = url;
  request.max_body = max;
  net::RetryPolicy policy;
  policy.attempts = limits::service_tries;
  auto answer = net::send_with_retry(*transport_, env_, policy, net::Repeat::idempotent, request);
  if (answer) return answer;
  const Error& cause = answer.error();
  if (cause.code == Code::too_large)
    return fail(Code::too_large, shown(url) + " is too large", "more than " + std::to_string(max) + " bytes");
  return fail(cause.wrap("cannot fetch " + shown(url)));
}

Result<std::string> HttpRepository::get(Url url, std::size_t max) {
  for (int redirects = 0;; ++redirects) {
    TRY(auto answer, send(url, max));
    if (answer.status == 200) return std::move(answer.body);
    const auto location = is_redirect(answer.status) ? answer.headers.get("Location") : std::nullopt;
    if (!location) return fail(refusal(url, answer));
    if (redirects >= limits::redirects)
      return fail(Code::malformed, shown(url) + " sends us on and on",
                  std::to_string(redirects) + " redirects were followed", address_hint);
    auto next = url.resolve(*location);
    if (!next || !may_follow(url, *next)) return fail(refusal(url, answer));
    url = std::move(*next);
  }
}

}  // namespace

std::unique_ptr<tuf::Repository> make_http_tufrepo(const Env& env, std::unique_ptr<net::Transport> transport,
                                                   TufUrls urls) {
  return std::make_unique<HttpRepository>(env, std::move(transport), std::move(urls));
}

}  // namespace sigstore::remote
