// One JSON line per request, and one per trouble of this machine.
#pragma once

#include <functional>
#include <string_view>

#include "server/host/observer.h"

namespace server::host {

// Thread-safe when the sink is. The lines:
//   {"time":"2026-07-24T00:00:00.000Z","method":"GET","path":"/v2/","status":200,"bytes":2,
//    "duration":0.000061,"user":"","peer":"127.0.0.1:40312","received":0,"id":"3f09c2-1","route":"base",
//    "repository":"","agent":"curl/7.88.1","tls":false}     (seconds; bytes of the bodies)
//   {"time":"2026-07-24T00:00:00.000Z","level":"error","message":"…"}
class AccessLog final : public Observer {
 public:
  using Sink = std::function<void(std::string_view line)>;  // with its line break
  AccessLog(const sigstore::Clock& clock, Sink sink) : clock_(clock), sink_(std::move(sink)) {}

  void note(const Served& served, std::uint64_t sent) override;
  void trouble(std::string_view message) const;

 private:
  const sigstore::Clock& clock_;
  Sink sink_;
};

// A request's target as it may be kept: of its query only the parameters that a registry or a token server
// has, because others may be secrets ("?token=…"); cut at limits::logged_text.
std::string loggable_target(std::string_view target);

}  // namespace server::host
