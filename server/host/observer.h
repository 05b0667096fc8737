// Whoever is told of every request that was answered: the access log, the metrics.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"

namespace server::host {

// What is known when the answer begins. The views and the pointer belong to the request, and last as long.
struct Served {
  sigstore::Time time;                            // when the request came
  std::chrono::steady_clock::time_point started;  // the same instant
  std::string id{};                               // of this request among all of this process
  std::string_view method{}, target{}, peer{};    // target: path and query, as sent
  const sigstore::net::Headers* headers = nullptr;
  bool encrypted = false;
  int status = 0;
  std::uint64_t received = 0;  // bytes of the request's body that were read
  std::string_view route{};    // as in Response
  std::string user{}, repository{};
};

class Observer {
 public:
  virtual ~Observer() = default;
  // All thread-safe. For each request began(), note() (unless the role threw), ended(), in this order.
  virtual void began() {}
  // Comes before the last byte of the answer leaves, so that a client which has its answer finds it noted.
  // `sent` bytes of the body.
  virtual void note(const Served& served, std::uint64_t sent) = 0;
  virtual void ended() {}
};

// All outlive whoever holds the list.
using Observers = std::vector<Observer*>;

void note(const Observers& observers, const Served& served, std::uint64_t sent);

// Passes `source` through and notes when its last byte of `length`, or an error, passes; or, when neither
// did, when it is destroyed.
std::unique_ptr<sigstore::FileReader> watched(std::unique_ptr<sigstore::FileReader> source,
                                              std::uint64_t length, const Observers& observers,
                                              Served served);

}  // namespace server::host
