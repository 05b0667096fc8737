// Whoever is told of every request that was answered: the access log, the metrics.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/env.h"

namespace server::host {

// What is known when the answer begins.
struct Served {
  sigstore::Time time;                            // when the request came
  std::chrono::steady_clock::time_point started;  // the same instant
  std::string method{}, path{}, user{}, peer{};   // path: with its query, as sent
  int status = 0;
};

class Observer {
 public:
  virtual ~Observer() = default;
  // Thread-safe. Comes before the last byte of the answer leaves, so that a client which has its answer finds
  // it noted. `bytes` of the body were sent.
  virtual void note(const Served& served, std::uint64_t bytes) = 0;
};

// All outlive whoever holds the list.
using Observers = std::vector<Observer*>;

void note(const Observers& observers, const Served& served, std::uint64_t bytes);

// Passes `source` through and notes when its last byte of `length`, or an error, passes; or, when neither
// did, when it is destroyed.
std::unique_ptr<sigstore::FileReader> watched(std::unique_ptr<sigstore::FileReader> source,
                                              std::uint64_t length, Observers observers, Served served);

}  // namespace server::host
