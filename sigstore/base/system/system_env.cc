#include "sigstore/base/system/system_env.h"

#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace sigstore::system {
namespace {

using std::chrono::steady_clock;

timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((duration - seconds).count())};
}

Duration slice(const Cancel* cancel, Duration left) {
  const bool must_look = cancel != nullptr && cancel->descriptor() < 0;
  return must_look ? std::min<Duration>(left, std::chrono::milliseconds(20)) : left;
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::system_clock::now();
}
steady_clock::time_point SystemClock::steady() const {
  return steady_clock::now();
}

Result<void> SystemClock::sleep(Duration duration) {
  const auto until = steady_clock::now() + duration;
  pollfd wake = {cancel_ != nullptr ? cancel_->descriptor() : -1, POLLIN, 0};
  while (true) {
    if (cancel_ != nullptr && cancel_->is_set()) return fail(Code::cancelled, "interrupted");
    const Duration left = until - steady_clock::now();
    if (left <= Duration::zero()) return {};
    const timespec wait = to_timespec(slice(cancel_, left));
    ppoll(&wake, 1, &wait, nullptr);
  }
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno != EINTR) std::abort();
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::optional<std::string> SystemVariables::get(const std::string& name) const {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::vector<std::string> SystemVariables::names() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    names.emplace_back(text.substr(0, text.find('=')));
  }
  std::ranges::sort(names);
  return names;
}

SystemEnv::SystemEnv(const Cancel* cancel, Prompter* prompter)
    : clock_(cancel),
      files_(random_),
      processes_(variables_, cancel),
      env_{&clock_, &random_, &files_, &variables_, &processes_, prompter} {}

}  // namespace sigstore::system
