#include "cosign/commands/registry-serve/operation.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <mutex>

#include "cosign/session/session.h"
#include "cosign/session/version.h"
#include "server/host/address.h"
#include "server/host/health.h"
#include "server/host/log_file.h"
#include "server/registry/route.h"

namespace cosign::serve {
namespace {

using server::host::PassedSocket;
using server::host::Role;
using sigstore::Result;
using sigstore::net::ListenerOptions;
using Sink = server::host::AccessLog::Sink;

constexpr std::string_view stderr_name = "-";

Result<Sink> open_log(Session& session, const std::string& path) {
  if (path != stderr_name) return server::host::open_log_file(*session.env().clock, path);
  return [&session](std::string_view line) { session.note(line.substr(0, line.find('\n'))); };
}

server::host::MetricsOptions metrics_options(const sigstore::net::ConnectionCounts& connections) {
  server::host::MetricsOptions options{
      .version = version().full(), .commit = version().commit, .connections = &connections};
  options.routes.assign(server::registry::route_names.begin(), server::registry::route_names.end());
  for (const std::string_view more : {"page", "token", "health", "metrics"}) options.routes.push_back(more);
  return options;
}

// The socket of this name, no longer among the others.
std::optional<PassedSocket> take(std::vector<PassedSocket>& sockets, std::string_view name) {
  const auto found = std::ranges::find(sockets, name, &PassedSocket::name);
  if (found == sockets.end()) return std::nullopt;
  PassedSocket taken = *found;
  sockets.erase(found);
  return taken;
}

Result<std::optional<ListenerOptions>> place_apart(Session& session, const std::string& address,
                                                   std::vector<PassedSocket>& sockets) {
  ListenerOptions options;
  options.clock = session.env().clock;
  if (const auto socket = take(sockets, "metrics")) {
    options.descriptor = socket->descriptor;
    return options;
  }
  if (address.empty()) return std::nullopt;
  TRY(const auto parsed, server::host::Address::parse(address, "metrics-addr"));
  options.address = parsed.host;
  options.port = parsed.port;
  return options;
}

// What is removed meanwhile does not count.
Result<double> count_bytes(sigstore::content::Store& content) {
  TRY(const auto digests, content.list(std::numeric_limits<std::size_t>::max()));
  double bytes = 0;
  for (const auto& digest : digests) bytes += static_cast<double>(content.size(digest).value_or(0));
  return bytes;
}

server::host::Response nothing_here(const server::host::Request&) {
  return {.status = 404};
}

}  // namespace

Operation::Operation(Session& session, std::unique_ptr<server::host::AccessLog> log, bool log_is_stderr,
                     std::optional<ListenerOptions> apart)
    : session_(session),
      log_(std::move(log)),
      log_is_stderr_(log_is_stderr),
      apart_(std::move(apart)),
      metrics_(*session.env().clock, metrics_options(connections_)) {}

server::host::Observers Operation::observers() {
  server::host::Observers all{&metrics_};
  if (log_) all.push_back(log_.get());
  return all;
}

void Operation::trouble(const std::string& line) const {
  if (log_) log_->trouble(line);
  if (!log_is_stderr_) session_.note("error: " + line);
}

Role Operation::with_metrics(Role role) const {
  return apart_ ? std::move(role) : server::host::with_metrics(std::move(role), metrics_);
}

Role Operation::with_health(Role role, HealthCheck check) const {
  return apart_ ? std::move(role) : health(std::move(role), std::move(check));
}

Role Operation::apart_role(HealthCheck check) const {
  return health(server::host::with_metrics(nothing_here, metrics_), std::move(check));
}

Role Operation::health(Role role, HealthCheck check) const {
  return server::host::with_health(
      std::move(role), *session_.env().clock,
      {.check = std::move(check), .trouble = [this](const std::string& line) { trouble(line); }});
}

std::function<double()> content_bytes(sigstore::content::Store& content, const sigstore::Clock& clock) {
  struct Counted {
    std::mutex mutex;
    double bytes = 0;
    std::optional<std::chrono::steady_clock::time_point> when;
  };
  return [&content, &clock, counted = std::make_shared<Counted>()] {
    const std::lock_guard lock(counted->mutex);
    if (counted->when && clock.steady() - *counted->when < std::chrono::minutes(1)) return counted->bytes;
    counted->bytes = count_bytes(content).value_or(std::numeric_limits<double>::quiet_NaN());
    counted->when = clock.steady();
    return counted->bytes;
  };
}

void OperationFlags::declare(FlagSet& flags) {
  flags.text("log", &log, "FILE", "a JSON line per request goes here; - is stderr");
  flags.text("metrics-addr", &metrics_address, "HOST:PORT",
             "serve /healthz and /metrics here, over plain HTTP and to everybody, and not with the registry");
}

Result<std::unique_ptr<Operation>> OperationFlags::open(Session& session,
                                                        std::vector<PassedSocket>& sockets) const {
  TRY(auto apart, place_apart(session, metrics_address, sockets));
  std::unique_ptr<server::host::AccessLog> access_log;
  if (!log.empty()) {
    TRY(auto sink, open_log(session, log));
    access_log = std::make_unique<server::host::AccessLog>(*session.env().clock, std::move(sink));
  }
  return std::make_unique<Operation>(session, std::move(access_log), log == stderr_name, std::move(apart));
}

}  // namespace cosign::serve
