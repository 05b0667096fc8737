#include "sigstore/net/curl/curl_error.h"

#include <curl/curl.h>

#include <cerrno>

namespace sigstore::net {
namespace {

// The few that people meet; anything else keeps libcurl's words. (strerror would load message catalogues.)
std::string reason(long os_error, const std::string& detail) {
  switch (os_error) {
    case ECONNREFUSED:
      return "connection refused";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "no route to it";
    case ETIMEDOUT:
      return "it did not answer in time";
    case EACCES:
    case EPERM:
      return "not permitted here";
    default:
      return detail;
  }
}

bool spoke_plain_http(const std::string& detail) {
  for (const char* sign :
       {"wrong version number", "http request", "packet length too long", "unknown protocol"})
    if (detail.find(sign) != std::string::npos) return true;
  return false;
}

Error untrusted(const Url& url, const std::string& detail) {
  return {Code::tls, "the certificate of " + url.authority() + " is not trusted", detail,
          "pass --registry-cacert FILE, or put the authority into /etc/docker/certs.d/" + url.authority() +
              "/ca.crt"};
}

Error handshake(const Url& url, const std::string& detail) {
  if (spoke_plain_http(detail))
    return {Code::malformed, url.authority() + " does not speak TLS on an https connection", detail,
            "if it is a plain HTTP registry, pass --allow-http-registry"};
  return {Code::tls, "no TLS connection to " + url.authority(), detail, {}};
}

}  // namespace

Error curl_error(int code, const std::string& detail, long os_error, const Url& url) {
  const std::string host = url.authority();
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Code::unreachable, "no such host: " + url.host, "the name does not resolve", {}};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Code::unreachable, "the proxy for " + host + " does not resolve", detail, {}};
    case CURLE_COULDNT_CONNECT:
      return {Code::unreachable, "cannot connect to " + host, reason(os_error, detail), {}};
    case CURLE_PROXY:
      return {Code::unreachable, "the proxy does not let " + host + " through", detail, {}};
    case CURLE_OPERATION_TIMEDOUT:
      return {Code::timeout, host + " did not answer in time", detail, {}};
    case CURLE_PEER_FAILED_VERIFICATION:
      return untrusted(url, detail);
    case CURLE_SSL_CONNECT_ERROR:
      return handshake(url, detail);
    case CURLE_SSL_CERTPROBLEM:
      return {Code::tls, "the client certificate for " + host + " cannot be used", detail, {}};
    case CURLE_SSL_CACERT_BADFILE:
      return {Code::tls, "the certificate authorities for " + host + " cannot be read", detail, {}};
    case CURLE_SEND_FAIL_REWIND:  // Request::once
      return {
          Code::unavailable, "the connection to " + host + " broke", "it was closed without an answer", {}};
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {Code::unavailable, "the connection to " + host + " broke", detail, {}};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {Code::malformed, host + " does not speak HTTP", detail, {}};
    default:
      return {Code::unavailable, "the request to " + host + " failed", detail, {}};
  }
}

}  // namespace sigstore::net
