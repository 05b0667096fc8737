#include "sigstore/net/retry.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "sigstore/net/http_date.h"

namespace sigstore::net {
namespace {

bool asks_for_another(int status) {
  switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

bool worth_repeating(const Result<Response>& result, Repeat repeat) {
  if (repeat == Repeat::never) return false;
  if (repeat == Repeat::refused) return result && result->status == 429;
  if (result) return asks_for_another(result->status);
  return result.error().code == Code::unavailable || result.error().code == Code::timeout;
}

// RFC 9110 section 10.2.3: seconds or a date. A past date is no pause at all.
std::optional<Duration> retry_after(const Response& response, Time now) {
  const auto value = response.headers.get("Retry-After");
  if (!value) return std::nullopt;
  std::uint32_t seconds = 0;
  const char* last = value->data() + value->size();
  const auto [end, error] = std::from_chars(value->data(), last, seconds);
  if (error == std::errc() && end == last) return std::chrono::seconds(seconds);
  if (error == std::errc::result_out_of_range) return Duration::max();
  const auto date = parse_http_date(*value);
  if (!date) return std::nullopt;
  return std::max<Duration>(*date - now, Duration::zero());
}

// `pause` and up to a quarter more, so that clients that failed together do not come back together.
Duration with_jitter(Duration pause, Random* random) {
  if (random == nullptr) return pause;
  std::uint8_t byte = 0;
  random->fill({&byte, 1});
  return pause + pause / 4 * byte / 255;
}

Duration pause_before(int attempt, const RetryPolicy& policy, const Result<Response>& last, const Env& env) {
  Duration pause = policy.first_pause;
  for (int i = 1; i < attempt && pause < policy.longest_pause; ++i) pause *= 3;
  pause = with_jitter(pause, env.random);
  if (last) pause = retry_after(*last, env.clock->now()).value_or(pause);
  return std::min(pause, policy.longest_pause);
}

bool fits_before(std::optional<std::chrono::steady_clock::time_point> deadline, Duration pause,
                 const Env& env) {
  return !deadline || env.clock->steady() + pause < *deadline;
}

}  // namespace

Result<Response> send_with_retry(Transport& transport, const Env& env, const RetryPolicy& policy,
                                 Repeat repeat, const Request& request, const BodySink* sink) {
  bool delivered = false;
  const BodySink watching = [&](BytesView chunk) {
    delivered = delivered || !chunk.empty();
    return (*sink)(chunk);
  };
  for (int attempt = 1;; ++attempt) {
    auto result = transport.send(request, sink ? &watching : nullptr);
    if (attempt >= policy.attempts || delivered || !worth_repeating(result, repeat)) return result;
    const Duration pause = pause_before(attempt, policy, result, env);
    if (!fits_before(transport.deadline(), pause, env)) return result;
    TRY_OK(env.clock->sleep(pause));
  }
}

}  // namespace sigstore::net
