#include "sigstore/net/curl/internal/exchange.h"

#include <algorithm>

#include "sigstore/net/curl/internal/curl_error.h"
#include "sigstore/net/curl/internal/patience.h"

namespace sigstore::net {
namespace {

long milliseconds(Duration duration) {
  return std::max(1L, static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count()));
}

std::string host_port(const std::string& host, std::uint16_t port) {
  const std::string written = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return written + ":" + std::to_string(port);
}

// "host:port" of a proxy's URL, without its user and password.
std::string address_of(const std::string& proxy) {
  return proxy.substr(std::min(proxy.find_last_of("/@") + 1, proxy.size()));
}

template <typename T>
T info(CURL* easy, CURLINFO what) {
  T value{};
  curl_easy_getinfo(easy, what, &value);
  return value;
}

}  // namespace

Exchange::Exchange(Handle& handle, const TransportOptions& options, const Clock& clock, TlsSettings* tls,
                   const std::string& proxy)
    : handle_(handle), options_(options), clock_(clock), tls_(tls), proxy_(proxy) {}

void Exchange::set_common() {
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // who is interrupted does not wait for a name server
  set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options_.connect_timeout));
  set(CURLOPT_ERRORBUFFER, handle_.error_text);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

// With a server name, the certificate is asked for and checked under it; the connection and Host stay.
void Exchange::set_destination(const Url& url) {
  Url target = url;
  if (url.scheme == "https" && !tls_->options().server_name.empty()) {
    target.host = tls_->options().server_name;
    host_header_ = url.authority();
    const std::string rule = host_port(target.host, url.port) + ":" + host_port(url.host, url.port);
    connect_to_.reset(curl_slist_append(nullptr, rule.c_str()));
  }
  set(CURLOPT_URL, target.text().c_str());
  set(CURLOPT_CONNECT_TO, connect_to_.get());
}

// The decision is made: libcurl looks into no variables.
void Exchange::set_proxy() {
  // As Go does, a SOCKS proxy resolves the name.
  const std::string url = proxy_.starts_with("socks5://") ? "socks5h" + proxy_.substr(6) : proxy_;
  set(CURLOPT_PROXY, url.c_str());
  set(CURLOPT_NOPROXY, "");
}

void Exchange::set_tls() {
  const long verify = tls_->options().verify ? 1 : 0;
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, verify);
  set(CURLOPT_SSL_VERIFYHOST, 2 * verify);
  set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY_SSL_VERIFYPEER, verify);
  set(CURLOPT_PROXY_SSL_VERIFYHOST, 2 * verify);
  set(CURLOPT_CA_CACHE_TIMEOUT, 0L);  // the trust anchors are ours
  set(CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
  set(CURLOPT_SSL_CTX_DATA, this);
}

CURLcode Exchange::on_tls_context(CURL*, void* context, void* self) {
  auto* exchange = static_cast<Exchange*>(self);
  auto applied = exchange->tls_->apply(static_cast<SSL_CTX*>(context), exchange->handle_.observer);
  if (applied) return CURLE_OK;
  exchange->tls_failure_ = std::move(applied).error();
  return CURLE_SSL_CERTPROBLEM;
}

Result<Response> Exchange::run(const Request& request, const BodySink* sink) {
  set_common();
  set_destination(request.url);
  set_proxy();
  if (tls_ != nullptr) set_tls();
  Transfer transfer(handle_, request, sink, host_header_);
  Patience patience(options_, clock_, transfer, request.url.authority());
  const int wake = options_.cancel != nullptr ? options_.cancel->descriptor() : -1;
  const auto code = handle_.perform(wake, [&patience] { return patience.ask(); });
  if (!code) return fail(code.error());
  if (tls_failure_) return fail(std::move(*tls_failure_));
  if (handle_.observer.failure) return fail(*handle_.observer.failure);
  if (transfer.error()) return fail(*transfer.error());
  if (transfer.cut()) return std::move(transfer.response());
  if (*code != CURLE_OK) return fail(explain(request, transfer, *code));
  if (!transfer.head_ended()) return fail(explain(request, transfer, CURLE_PARTIAL_FILE));
  return std::move(transfer.response());
}

Error Exchange::explain(const Request& request, const Transfer& transfer, CURLcode code) {
  CURL* easy = handle_.easy();
  Failure failure{.url = request.url, .tls = tls_, .seen = handle_.observer};
  failure.proxy = address_of(proxy_);
  // The first of two handshakes is the one with the proxy.
  failure.proxy_tls = proxy_.starts_with("https://") && handle_.observer.contexts == 1;
  failure.begun = transfer.begun();
  failure.answered = transfer.answered();
  failure.new_connection = info<long>(easy, CURLINFO_NUM_CONNECTS) > 0;
  failure.code = code;
  failure.detail = handle_.error_text[0] != '\0' ? handle_.error_text : curl_easy_strerror(code);
  if (transfer.repeated()) failure.detail = "it was closed, and the request may have been carried out";
  failure.os_error = info<long>(easy, CURLINFO_OS_ERRNO);
  failure.proxy_status = info<long>(easy, CURLINFO_HTTP_CONNECTCODE);
  return curl_error(failure);
}

}  // namespace sigstore::net
