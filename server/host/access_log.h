// One JSON line per request.
#pragma once

#include <functional>
#include <string_view>

#include "server/host/observer.h"

namespace server::host {

// Thread-safe when the sink is. A line:
//   {"time":"2026-07-24T00:00:00Z","method":"GET","path":"/v2/","status":200,"bytes":2,"duration":0.000061,
//    "user":"","peer":"127.0.0.1:40312"}     (seconds; bytes of the body)
class AccessLog final : public Observer {
 public:
  using Sink = std::function<void(std::string_view line)>;  // with its line break
  AccessLog(const sigstore::Clock& clock, Sink sink) : clock_(clock), sink_(std::move(sink)) {}

  void note(const Served& served, std::uint64_t bytes) override;

 private:
  const sigstore::Clock& clock_;
  Sink sink_;
};

}  // namespace server::host
