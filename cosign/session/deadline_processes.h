// Programs that end with the run: none outlives --timeout.
#pragma once

#include <algorithm>

#include "sigstore/base/env.h"

namespace cosign {

class DeadlineProcesses final : public sigstore::Processes {
 public:
  // Both outlive it. `deadline` is nullopt where there is no limit.
  DeadlineProcesses(sigstore::Processes& inner, const sigstore::Clock& clock,
                    std::optional<std::chrono::steady_clock::time_point> deadline)
      : inner_(inner), clock_(clock), deadline_(deadline) {}

  sigstore::Result<sigstore::ProcessOutput> run(const std::vector<std::string>& argv, std::string_view input,
                                                sigstore::Duration timeout, std::size_t max_output) override {
    return inner_.run(argv, input, within_run(timeout), max_output);
  }
  sigstore::Result<sigstore::ProcessOutput> run_speaking(const std::vector<std::string>& argv,
                                                         std::string_view input, sigstore::Duration timeout,
                                                         std::size_t max_output) override {
    return inner_.run_speaking(argv, input, within_run(timeout), max_output);
  }

 private:
  [[nodiscard]] sigstore::Duration within_run(sigstore::Duration timeout) const {
    if (!deadline_) return timeout;
    return std::min<sigstore::Duration>(timeout, *deadline_ - clock_.steady());
  }

  sigstore::Processes& inner_;
  const sigstore::Clock& clock_;
  const std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace cosign
