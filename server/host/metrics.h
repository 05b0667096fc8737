// Figures of a service for Prometheus. Its labels are few and known beforehand: never a name, a path or an
// address that a client chose.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/host/message.h"
#include "server/host/observer.h"

namespace sigstore::net {
struct ConnectionCounts;
}

namespace server::host {

struct MetricsOptions {
  std::vector<std::string_view> routes;                          // those that responses name; literals
  std::string version, commit;                                   // of the program
  const sigstore::net::ConnectionCounts* connections = nullptr;  // outlives the metrics; null: not shown
};

class Metrics final : public Observer {
 public:
  Metrics(const sigstore::Clock& clock, MetricsOptions options);
  ~Metrics() override;

  // A figure that is asked for at each reading, from many threads. Before anybody reads.
  void gauge(std::string name, std::string help, std::function<double()> value);

  void began() override { in_flight_.fetch_add(1, std::memory_order_relaxed); }
  void note(const Served& served, std::uint64_t sent) override;
  void ended() override { in_flight_.fetch_sub(1, std::memory_order_relaxed); }

  [[nodiscard]] std::string text() const;

 private:
  struct Figures;
  struct Gauge {
    std::string name, help;
    std::function<double()> value;
  };
  [[nodiscard]] std::size_t route_index(std::string_view route) const;

  const sigstore::Clock& clock_;
  const MetricsOptions options_;
  const sigstore::Time started_;
  std::vector<Gauge> gauges_;
  std::atomic<std::int64_t> in_flight_ = 0;
  const std::unique_ptr<Figures[]> figures_;  // one for each route, and for all others
};

// Answers GET /metrics with them; all else goes to `role`. `metrics` outlives the result.
Role with_metrics(Role role, const Metrics& metrics);

}  // namespace server::host
