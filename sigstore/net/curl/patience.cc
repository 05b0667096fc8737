#include "sigstore/net/curl/internal/patience.h"

#include <algorithm>

namespace sigstore::net {
namespace {

std::string seconds(Duration duration) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count()) + " s";
}

}  // namespace

std::optional<Error> run_is_over(const TransportOptions& options, const Clock& clock,
                                 const std::string& host) {
  if (options.cancel != nullptr && options.cancel->is_set())
    return Error{Code::cancelled, "interrupted", {}, {}};
  if (!options.deadline || clock.steady() < *options.deadline) return std::nullopt;
  return Error{Code::timeout, "the time for this run is over", "waiting for " + host,
               "give it more with --timeout"};
}

Patience::Patience(const TransportOptions& options, const Clock& clock, const Transfer& transfer,
                   std::string host)
    : options_(options), clock_(clock), transfer_(transfer), host_(std::move(host)), moved_(clock.steady()) {}

Handle::Stop Patience::ask() {
  const Moment now = clock_.steady();
  if (transfer_.bytes() != bytes_ || !transfer_.begun()) moved_ = now;
  if (transfer_.begun() && !begun_) begun_ = moved_ = now;
  bytes_ = transfer_.bytes();
  if (auto over = run_is_over(options_, clock_, host_)) return {std::move(over), {}};
  if (auto slow = too_slow(now)) return {std::move(slow), {}};
  Duration rest = std::min<Duration>(std::chrono::seconds(1), moved_ + options_.idle_timeout - now);
  if (options_.deadline) rest = std::min<Duration>(rest, *options_.deadline - now);
  return {std::nullopt,
          std::max(std::chrono::ceil<std::chrono::milliseconds>(rest), std::chrono::milliseconds(1))};
}

std::optional<Error> Patience::too_slow(Moment now) const {
  if (!begun_) return std::nullopt;
  if (now - moved_ >= options_.idle_timeout)
    return Error{Code::timeout,
                 host_ + " did not answer in time",
                 "not a byte came within " + seconds(options_.idle_timeout),
                 {}};
  const Duration taken = now - *begun_;
  const double rate = static_cast<double>(bytes_) / std::chrono::duration<double>(taken).count();
  if (taken < 2 * options_.idle_timeout || rate >= static_cast<double>(limits::slowest_rate))
    return std::nullopt;
  return Error{Code::timeout,
               host_ + " is too slow",
               std::to_string(bytes_) + " bytes came within " + seconds(taken),
               {}};
}

}  // namespace sigstore::net
