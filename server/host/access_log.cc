#include "server/host/access_log.h"

#include <array>
#include <cstdio>

#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"

namespace server::host {

using namespace sigstore;

void AccessLog::note(const Served& served, std::uint64_t bytes) {
  std::array<char, 32> seconds;
  auto duration = std::chrono::duration<double>(clock_.steady() - served.started).count();
  std::snprintf(seconds.data(), seconds.size(), "%.6f", duration);
  codec::json::Object line;
  line.set("time", codec::rfc3339::seconds(served.time));
  line.set("method", served.method);
  line.set("path", served.path);
  line.set("status", served.status);
  line.set("bytes", bytes);
  line.set("duration", codec::json::Number{seconds.data()});
  line.set("user", served.user);
  line.set("peer", served.peer);
  sink_(codec::json::write(std::move(line)) + "\n");
}

}  // namespace server::host
