#include "sigstore/net/curl/curl_transport.h"

#include <map>
#include <mutex>

#include "sigstore/net/curl/internal/ca_files.h"
#include "sigstore/net/curl/internal/exchange.h"
#include "sigstore/net/curl/internal/handle_pool.h"
#include "sigstore/net/curl/internal/patience.h"
#include "sigstore/net/curl/internal/tls_settings.h"
#include "sigstore/net/curl/internal/trace.h"
#include "sigstore/net/proxy.h"

namespace sigstore::net {
namespace {

// Connections are kept apart where TLS settings may differ.
std::string origin_of(const Request& request) {
  std::string origin = request.url.scheme + "://" + request.url.authority();
  if (request.tls_of) origin += " as " + request.tls_of->authority();
  return origin;
}

class CurlTransport final : public Transport {
 public:
  CurlTransport(const Env& env, TransportOptions options)
      : env_(env), options_(std::move(options)), proxies_(ProxyRules::from(*env.variables)) {}

  Result<Response> send(const Request& request, const BodySink* sink) override;
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const override {
    return options_.deadline;
  }

 private:
  Result<Response> exchange(const Request& request, const BodySink* sink);
  Result<TlsSettings*> tls_for(const Request& request, const std::string& origin);
  TlsSettings* settings_for(TlsOptions options);
  Result<std::shared_ptr<CertificatePool>> system_pool();

  const Env env_;
  const TransportOptions options_;
  const ProxyRules proxies_;

  std::mutex settling_;                                 // of the two below
  std::vector<std::unique_ptr<TlsSettings>> settings_;  // one per set of options
  std::map<std::string, TlsSettings*> settings_of_;     // by origin
  std::mutex loading_;
  std::shared_ptr<CertificatePool> system_pool_;  // null until it is wanted
  HandlePool handles_;                            // dies first: connections use the settings
};

Result<TlsSettings*> CurlTransport::tls_for(const Request& request, const std::string& origin) {
  const std::lock_guard lock(settling_);
  if (const auto known = settings_of_.find(origin); known != settings_of_.end()) return known->second;
  TlsOptions options;
  if (options_.tls) {
    TRY(options, options_.tls(request.tls_of.value_or(request.url)));
  }
  return settings_of_[origin] = settings_for(std::move(options));
}

TlsSettings* CurlTransport::settings_for(TlsOptions options) {
  for (const auto& known : settings_)
    if (known->options() == options) return known.get();
  settings_.push_back(
      std::make_unique<TlsSettings>(*env_.files, std::move(options), [this] { return system_pool(); }));
  return settings_.back().get();
}

Result<std::shared_ptr<CertificatePool>> CurlTransport::system_pool() {
  const std::lock_guard lock(loading_);
  if (!system_pool_) {
    TRY(system_pool_, load_system_pool(env_));
  }
  return system_pool_;
}

Result<Response> CurlTransport::exchange(const Request& request, const BodySink* sink) {
  TRY_OK(check_request(request));
  if (auto over = run_is_over(options_, *env_.clock, request.url.authority())) return fail(std::move(*over));
  const std::string proxy = proxies_.proxy_for(request.url), origin = origin_of(request);
  TlsSettings* tls = nullptr;
  if (request.url.scheme == "https" || proxy.starts_with("https://")) {
    TRY(tls, tls_for(request, origin));
  }
  TRY(const auto handle, handles_.take(origin));
  return Exchange(*handle, options_, *env_.clock, tls, proxy).run(request, sink);
}

Result<Response> CurlTransport::send(const Request& request, const BodySink* sink) {
  auto response = exchange(request, sink);
  if (options_.trace) options_.trace(trace_line(request, response));
  return response;
}

}  // namespace

std::unique_ptr<Transport> make_curl_transport(const Env& env, TransportOptions options) {
  return std::make_unique<CurlTransport>(env, std::move(options));
}

}  // namespace sigstore::net
