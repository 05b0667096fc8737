// How often one client may do something: a bucket of tokens each, which fills again with time.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/host/message.h"
#include "sigstore/base/env.h"
#include "sigstore/base/limits.h"

namespace server::host {

struct Rate {
  double per_second = 1;
  double burst = 1;  // what a bucket holds: so much at once after a pause
};

// Thread-safe. At most `most` clients have a bucket; while all of those are in use, the others share one.
class Buckets {
 public:
  // `clock` outlives it.
  Buckets(const sigstore::Clock& clock, Rate rate, std::size_t most = sigstore::limits::rate_buckets)
      : clock_(clock), rate_(rate), most_(most) {}

  // Takes one token; else the time until there is one.
  std::optional<sigstore::Duration> take(const std::string& client);
  // What was taken and not used; a bucket holds no more than its burst.
  void give_back(const std::string& client);
  [[nodiscard]] std::size_t size();

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Bucket {
    double tokens;
    Instant filled;
  };
  Bucket& bucket(const std::string& client);
  void fill(Bucket& bucket, Instant now) const;
  void drop_full(Instant now);
  [[nodiscard]] sigstore::Duration missing(const Bucket& bucket) const;

  const sigstore::Clock& clock_;
  const Rate rate_;
  const std::size_t most_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// 429 TOOMANYREQUESTS with Retry-After.
Response too_many_requests(sigstore::Duration wait, const std::string& message);

// Takes one for whoever asks: a user that is logged in, else a network. The answer when there is none.
std::optional<Response> over_rate(Buckets& buckets, std::string_view user, std::string_view peer);
// The role, asked at most so often for each client. `buckets` outlives the result.
Role limited(Role role, Buckets& buckets);

}  // namespace server::host
