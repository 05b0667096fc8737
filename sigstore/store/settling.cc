#include "sigstore/store/settling.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;

constexpr Duration settle_floor = 200ms;  // what a lone writer waits before it looks again
constexpr Duration jitter = 40ms;
constexpr int settle_factor = 5;          // or this many times what it took from read to write
constexpr Duration quiet_time = 2s;       // after the last sign of another writer
constexpr Duration noise_patience = 10s;  // others keep adding, and ours stays: long enough
constexpr Duration first_back_off = 25ms;
constexpr Duration longest_back_off = 1500ms;

}  // namespace

void Settling::wrote(Steady asked, Steady now) {
  wrote_ = now;
  cost_ = now - asked;
}

void Settling::disturbed(Steady now, bool lost) {
  contested_ = true;
  disturbed_ = now;
  if (lost) lost_ = now;
}

Duration Settling::settle() const {
  return at_once_ ? Duration{} : std::max(settle_floor, settle_factor * cost_);
}

Settling::Steady Settling::quiet_at() const {
  const Steady unnoticed = wrote_ + settle();
  if (!contested_ || at_once_) return unnoticed;
  const Steady noisy = std::max(unnoticed, disturbed_ + std::max(quiet_time, settle()));
  return std::min(noisy, std::max(wrote_, lost_) + settle() + noise_patience);
}

Duration Settling::after_write() {
  return settle() + (at_once_ ? Duration{} : pause_.up_to(jitter));
}

Duration Settling::until_quiet(Steady now) {
  return std::min<Duration>(quiet_at() - now, pause_.between(200ms, 600ms));
}

Duration Settling::back_off() {
  return pause_.growing(std::max(first_back_off, cost_), setbacks_++, longest_back_off);
}

}  // namespace sigstore::store
