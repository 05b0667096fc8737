#include "server/host/metrics.h"

#include <algorithm>
#include <chrono>

#include "server/host/exposition.h"
#include "server/host/process_figures.h"
#include "sigstore/net/server/listener.h"

namespace server::host {

using namespace sigstore;

namespace {

using Count = std::atomic<std::uint64_t>;

// The last of each stands for all others.
constexpr std::array<std::string_view, 8> methods = {"GET",   "HEAD",   "PUT",     "POST",
                                                     "PATCH", "DELETE", "OPTIONS", "other"};
constexpr std::array<int, 26> statuses = {200, 201, 202, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404,
                                          405, 406, 408, 409, 412, 413, 415, 416, 429, 500, 503, 507, 0};
// Seconds; a manifest from memory takes less than the first, a layer over a slow line more than the last.
constexpr std::array<double, 15> buckets = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                            0.05,   0.1,     0.25,   0.5,   1,      5,     30};

template <typename T, std::size_t N, typename Key>
std::size_t index_of(const std::array<T, N>& list, const Key& key) {
  const auto found = std::find(list.begin(), list.end() - 1, key);
  return static_cast<std::size_t>(found - list.begin());
}

void add(Count& count, std::uint64_t more = 1) {
  count.fetch_add(more, std::memory_order_relaxed);
}

std::string status_text(int status) {
  return status == 0 ? "other" : std::to_string(status);
}

void write_process(Exposition& out, Time started) {
  const auto figures = ProcessFigures::now();
  out.family("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.");
  out.sample({}, figures.resident_bytes);
  out.family("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.");
  out.sample({}, figures.processor_seconds);
  out.family("process_open_fds", "gauge", "Number of open file descriptors.");
  out.sample({}, figures.open_descriptors);
  out.family("process_max_fds", "gauge", "Maximum number of open file descriptors.");
  out.sample({}, figures.most_descriptors);
  out.family("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.");
  out.sample({}, std::chrono::duration<double>(started.time_since_epoch()).count());
}

}  // namespace

// Of one route.
struct Metrics::Figures {
  std::array<std::array<Count, statuses.size()>, methods.size()> requests{};
  std::array<Count, buckets.size() + 1> durations{};  // each of its bucket alone
  Count nanoseconds = 0, received = 0, sent = 0;

  void note(const Served& served, std::uint64_t bytes, std::chrono::nanoseconds took) {
    add(requests[index_of(methods, served.method)][index_of(statuses, served.status)]);
    const double seconds = std::chrono::duration<double>(took).count();
    add(durations[static_cast<std::size_t>(std::ranges::lower_bound(buckets, seconds) - buckets.begin())]);
    add(nanoseconds, static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
    add(received, served.received);
    add(sent, bytes);
  }

  void write_requests(Exposition& out, std::string_view route) const {
    for (std::size_t m = 0; m < methods.size(); ++m)
      for (std::size_t s = 0; s < statuses.size(); ++s)
        if (const std::uint64_t count = requests[m][s]; count != 0)
          out.sample({{"method", methods[m]}, {"route", route}, {"status", status_text(statuses[s])}}, count);
  }

  void write_durations(Exposition& out, std::string_view route) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < durations.size(); ++i) {
      sum += durations[i];
      const std::string bound = i < buckets.size() ? exposition_number(buckets[i]) : "+Inf";
      out.sample({{"route", route}, {"le", bound}}, sum, "_bucket");
    }
    out.sample({{"route", route}}, static_cast<double>(nanoseconds) / 1e9, "_sum");
    out.sample({{"route", route}}, sum, "_count");
  }
};

Metrics::Metrics(const Clock& clock, MetricsOptions options)
    : clock_(clock),
      options_(std::move(options)),
      started_(clock.now()),
      figures_(std::make_unique<Figures[]>(options_.routes.size() + 1)) {}

Metrics::~Metrics() = default;

void Metrics::gauge(std::string name, std::string help, std::function<double()> value) {
  gauges_.push_back({std::move(name), std::move(help), std::move(value)});
}

std::size_t Metrics::route_index(std::string_view route) const {
  return static_cast<std::size_t>(std::ranges::find(options_.routes, route) - options_.routes.begin());
}

void Metrics::note(const Served& served, std::uint64_t sent) {
  figures_[route_index(served.route)].note(served, sent, clock_.steady() - served.started);
}

std::string Metrics::text() const {
  Exposition out;
  const auto each_route = [&](const auto& write) {
    for (std::size_t i = 0; i <= options_.routes.size(); ++i)
      write(figures_[i], i < options_.routes.size() ? options_.routes[i] : "other");
  };
  out.family("cosign_build_info", "gauge", "The program; the value is always 1.");
  out.sample({{"version", options_.version}, {"commit", options_.commit}}, std::uint64_t{1});
  out.family("cosign_http_requests_total", "counter", "Requests that were answered.");
  each_route([&](const Figures& of, std::string_view route) { of.write_requests(out, route); });
  out.family("cosign_http_request_duration_seconds", "histogram",
             "From the end of a request's headers to the last byte of its answer.");
  each_route([&](const Figures& of, std::string_view route) { of.write_durations(out, route); });
  out.family("cosign_http_received_bytes_total", "counter", "Bytes of requests' bodies.");
  each_route([&](const Figures& of, std::string_view route) { out.sample({{"route", route}}, of.received); });
  out.family("cosign_http_sent_bytes_total", "counter", "Bytes of answers' bodies.");
  each_route([&](const Figures& of, std::string_view route) { out.sample({{"route", route}}, of.sent); });
  out.family("cosign_http_requests_in_flight", "gauge", "Requests that are being answered.");
  out.sample({}, static_cast<double>(in_flight_));
  if (const auto* connections = options_.connections) {
    out.family("cosign_connections_total", "counter", "Connections that were accepted.");
    out.sample({}, connections->accepted.load());
    out.family("cosign_connections_open", "gauge", "Connections that are open.");
    out.sample({}, connections->open.load());
  }
  for (const Gauge& gauge : gauges_) {
    out.family(gauge.name, "gauge", gauge.help);
    out.sample({}, gauge.value());
  }
  write_process(out, started_);
  return out.take();
}

Role with_metrics(Role role, const Metrics& metrics) {
  return [role = std::move(role), &metrics](const Request& request) {
    if (request.path() != "/metrics") return role(request);
    Response response{.status = 200, .route = "metrics"};
    if (request.method != "GET" && request.method != "HEAD") {
      response.status = 405;
      response.headers.add("Allow", "GET, HEAD");
      return response;
    }
    response.headers.add("Content-Type", std::string(Exposition::content_type));
    response.text = std::make_shared<const std::string>(metrics.text());
    return response;
  };
}

}  // namespace server::host
