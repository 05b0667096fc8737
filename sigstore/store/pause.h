// Random pauses, so that writers that met once do not meet again.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include "sigstore/base/env.h"

namespace sigstore::store {

class Pause {
 public:
  explicit Pause(const Env& env) : random_(*env.random) {}

  Duration between(Duration least, Duration most) {
    std::array<std::uint8_t, 8> bytes{};
    random_.fill(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), bytes.size());
    const auto span = static_cast<std::uint64_t>(std::max<Duration::rep>((most - least).count(), 0)) + 1;
    return least + Duration(static_cast<Duration::rep>(number % span));
  }
  Duration up_to(Duration most) { return between(Duration{}, most); }
  // The wider the more often it went wrong: up to `first` doubled `times` times, at most `most`.
  Duration growing(Duration first, int times, Duration most) {
    return up_to(std::min<Duration>(most, first * (1 << std::min(times, 10))));
  }

 private:
  Random& random_;
};

}  // namespace sigstore::store
