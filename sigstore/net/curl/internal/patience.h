// How long a transfer may take: the deadline of the run, an interruption, silence, and dripping.
#pragma once

#include <optional>

#include "sigstore/net/curl/internal/handle.h"
#include "sigstore/net/curl/internal/transfer.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// The run is over: Code::cancelled or timeout. `host` is who is waited for.
std::optional<Error> run_is_over(const TransportOptions& options, const Clock& clock,
                                 const std::string& host);

// Watches one transfer. Connecting is bounded by libcurl itself.
class Patience {
 public:
  Patience(const TransportOptions& options, const Clock& clock, const Transfer& transfer, std::string host);
  // Why it has taken too long, or when to ask again.
  Handle::Stop ask();

 private:
  using Moment = std::chrono::steady_clock::time_point;
  [[nodiscard]] std::optional<Error> too_slow(Moment now) const;

  const TransportOptions& options_;
  const Clock& clock_;
  const Transfer& transfer_;
  const std::string host_;
  std::optional<Moment> begun_;  // when the request began to leave
  Moment moved_;                 // when a byte was last seen moving
  std::uint64_t bytes_ = 0;
};

}  // namespace sigstore::net
