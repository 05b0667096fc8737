// When a tag that was written may be left alone, and how long to wait before the next look or attempt.
#pragma once

#include <chrono>

#include "sigstore/store/pause.h"

namespace sigstore::store {

class Settling {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  // `at_once`: nothing can be lost to whoever looks once after it wrote (OwnTags).
  Settling(const Env& env, bool at_once) : pause_(env), at_once_(at_once) {}

  // A write, successful or not, that was based on what was asked for at `asked`.
  void wrote(Steady asked, Steady now);
  // Another writer was noticed; `lost`: it cost an entry.
  void disturbed(Steady now, bool lost);

  // Once a look at or after this instant shows nothing missing, it is over.
  [[nodiscard]] Steady quiet_at() const;
  // From a write to the look after it.
  Duration after_write();
  // Between looks at a tag on which nothing is missing.
  Duration until_quiet(Steady now);
  // The longer the more often it was asked for.
  Duration back_off();

 private:
  [[nodiscard]] Duration settle() const;

  Pause pause_;
  const bool at_once_;
  Steady wrote_, disturbed_, lost_;
  bool contested_ = false;
  Duration cost_{};  // from the read to the end of the write
  int setbacks_ = 0;
};

}  // namespace sigstore::store
