#include "sigstore/net/curl/internal/curl_error.h"

#include <cerrno>

#include "sigstore/net/curl/internal/tls_error.h"

namespace sigstore::net {
namespace {

// The few that people meet; anything else keeps libcurl's words. (strerror would load message catalogues.)
std::string reason(const Failure& failure) {
  if (failure.code == CURLE_GOT_NOTHING) return "it was closed without an answer";
  if (failure.code == CURLE_PARTIAL_FILE) return "it was closed in the middle of an answer";
  switch (failure.os_error) {
    case ECONNREFUSED:
      return "connection refused";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "no route to it";
    case ETIMEDOUT:
      return "it did not answer in time";
    case ECONNRESET:
    case EPIPE:
      return "it closed the connection";
    case EACCES:
    case EPERM:
      return "not permitted here";
    default:
      return failure.detail;
  }
}

TlsPeer peer_of(const Failure& failure) {
  if (failure.proxy_tls)
    return {"the proxy " + failure.proxy, failure.proxy.substr(0, failure.proxy.rfind(':')), ""};
  const std::string host = failure.url.authority();
  const std::string& other_name = failure.tls->options().server_name;
  return {host, other_name.empty() ? failure.url.host : other_name, "/etc/docker/certs.d/" + host};
}

Error no_connection(const Failure& failure) {
  const std::string host = failure.url.authority();
  if (failure.proxy.empty()) return {Code::unreachable, "cannot connect to " + host, reason(failure), {}};
  return {Code::unreachable, "cannot connect to the proxy " + failure.proxy + " on the way to " + host,
          reason(failure),
          "the proxy is named by HTTPS_PROXY or HTTP_PROXY; NO_PROXY lists hosts that need none"};
}

Error refused_by_proxy(const Failure& failure) {
  const std::string status = "it answers HTTP " + std::to_string(failure.proxy_status);
  return {Code::unreachable,
          "the proxy " + failure.proxy + " does not let " + failure.url.authority() + " through",
          failure.proxy_status == 0 ? failure.detail : status,
          failure.proxy_status == 407
              ? "it wants a user and password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
              : ""};
}

Error timed_out(const Failure& failure) {
  return {Code::timeout, failure.url.authority() + " did not answer in time", failure.detail, {}};
}

// Before the request left: nothing was carried out.
Error not_connected(const Failure& failure) {
  const bool by_proxy = failure.proxy_status != 0 && failure.proxy_status / 100 != 2;
  if (by_proxy || failure.code == CURLE_PROXY) return refused_by_proxy(failure);
  if (failure.tls == nullptr || failure.code == CURLE_COULDNT_CONNECT) return no_connection(failure);
  const bool silent = failure.seen.first_record[0] == 0;
  return {Code::tls,
          "no TLS connection to " + peer_of(failure).what,
          silent ? "it closed the connection" : reason(failure),
          {}};
}

Error broken(const Failure& failure) {
  Error error{
      Code::unavailable, "the connection to " + failure.url.authority() + " broke", reason(failure), {}};
  const bool unanswered = failure.new_connection && !failure.answered && failure.tls != nullptr;
  if (!unanswered || !failure.seen.asked_for_certificate) return error;
  // A reset may overtake the alert that says so.
  const std::string& shown = failure.tls->client_place();
  if (shown.empty())
    return wants_client_certificate(peer_of(failure), "it asked for one, and then closed the connection");
  return error.with_hint("it asked for a client certificate: does it know the issuer of " + shown + "?");
}

}  // namespace

Error curl_error(const Failure& failure) {
  const std::string host = failure.url.authority();
  if (failure.code == CURLE_PEER_FAILED_VERIFICATION && failure.tls != nullptr)
    return untrusted(peer_of(failure), *failure.tls, failure.seen, failure.detail);
  if (failure.tls != nullptr && !failure.answered)
    if (auto refused = refused_by_peer(peer_of(failure), *failure.tls, failure.seen))
      return std::move(*refused);
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Code::unreachable, "no such host: " + failure.url.host, "the name does not resolve", {}};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Code::unreachable, "no such host: the proxy " + failure.proxy, "the name does not resolve",
              "the proxy is named by HTTPS_PROXY or HTTP_PROXY"};
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(failure);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {Code::malformed, host + " does not speak HTTP", failure.detail, {}};
    case CURLE_OUT_OF_MEMORY:
      return {Code::internal, "no memory for the request to " + host, {}, {}};
    default:
      return failure.begun ? broken(failure) : not_connected(failure);
  }
}

}  // namespace sigstore::net
