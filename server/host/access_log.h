// One JSON line per request.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sigstore/base/env.h"

namespace server::host {

// What is known when the answer begins.
struct LogEntry {
  sigstore::Time time;                            // when the request came
  std::chrono::steady_clock::time_point started;  // the same instant
  std::string method{}, path{}, user{}, peer{};
  int status = 0;
};

// Thread-safe when the sink is. A line is written before the last byte of its answer leaves, so that a client
// which has its answer finds it in the log:
//   {"time":"2026-07-24T00:00:00Z","method":"GET","path":"/v2/","status":200,"bytes":2,"duration":0.000061,
//    "user":"","peer":"127.0.0.1:40312"}     (seconds; bytes of the body)
class AccessLog {
 public:
  using Sink = std::function<void(std::string_view line)>;  // with its line break
  AccessLog(const sigstore::Clock& clock, Sink sink) : clock_(clock), sink_(std::move(sink)) {}

  void write(const LogEntry& entry, std::uint64_t bytes) const;
  // Passes `source` through and writes the line when its last byte of `length`, or an error, passes; or, when
  // neither did, when it is destroyed.
  std::unique_ptr<sigstore::FileReader> watch(std::unique_ptr<sigstore::FileReader> source,
                                              std::uint64_t length, LogEntry entry) const;

 private:
  const sigstore::Clock& clock_;
  Sink sink_;
};

}  // namespace server::host
