#include "server/host/rate.h"

#include <algorithm>
#include <cmath>

#include "server/host/error_body.h"
#include "sigstore/net/address.h"

namespace server::host {

using namespace sigstore;

void Buckets::fill(Bucket& bucket, Instant now) const {
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.tokens = std::min(rate_.burst, bucket.tokens + passed.count() * rate_.per_second);
  bucket.filled = now;
}

Duration Buckets::missing(const Bucket& bucket) const {
  const double seconds = std::max(0.0, 1 - bucket.tokens) / rate_.per_second;
  return std::chrono::ceil<Duration>(std::chrono::duration<double>(seconds));
}

// A full bucket says nothing that a new one would not.
void Buckets::drop_full(Instant now) {
  for (auto& [client, bucket] : buckets_) fill(bucket, now);
  std::erase_if(buckets_, [&](const auto& named) { return named.second.tokens >= rate_.burst; });
}

Buckets::Bucket& Buckets::bucket(const std::string& client) {
  const auto now = clock_.steady();
  auto found = buckets_.find(client);
  if (found == buckets_.end()) {
    if (buckets_.size() >= most_) drop_full(now);
    const bool room = buckets_.size() < most_;
    found = buckets_.try_emplace(room ? client : std::string(), Bucket{rate_.burst, now}).first;
  }
  fill(found->second, now);
  return found->second;
}

std::optional<Duration> Buckets::take(const std::string& client) {
  const std::lock_guard lock(mutex_);
  Bucket& mine = bucket(client);
  if (mine.tokens < 1) return missing(mine);
  mine.tokens -= 1;
  return std::nullopt;
}

void Buckets::give_back(const std::string& client) {
  const std::lock_guard lock(mutex_);
  Bucket& mine = bucket(client);
  mine.tokens = std::min(rate_.burst, mine.tokens + 1);
}

std::size_t Buckets::size() {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

Response too_many_requests(Duration wait, const std::string& message) {
  Response response = error_response(429, "TOOMANYREQUESTS", message);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  response.headers.add("Retry-After", std::to_string(std::max<std::int64_t>(1, seconds)));
  return response;
}

std::optional<Response> over_rate(Buckets& buckets, std::string_view user, std::string_view peer) {
  const auto wait = buckets.take(user.empty() ? net::network_of(peer) : "user " + std::string(user));
  if (!wait) return std::nullopt;
  return too_many_requests(*wait, "more requests than one client may send");
}

Role limited(Role role, Buckets& buckets) {
  return [role = std::move(role), &buckets](const Request& request) {
    auto refusal = over_rate(buckets, request.user, request.peer);
    return refusal ? std::move(*refusal) : role(request);
  };
}

}  // namespace server::host
