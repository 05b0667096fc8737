#include "cosign/ui/input.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sigstore/base/system/system_error.h"

namespace cosign::ui {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::Secret;
using sigstore::system::fail_errno;

namespace {

constexpr std::string_view standard_input = "cannot read standard input";
constexpr std::size_t first_buffer = 4096;

// Bytes that may be a password: wiped when they move and when they die.
class SecretBuffer {
 public:
  explicit SecretBuffer(std::size_t max) : max_(max) {}

  // Room for more; empty when one byte more than `max` is there.
  std::span<std::uint8_t> room() {
    if (used_ == data_.size()) grow();
    return data_.writable().subspan(used_);
  }
  void took(std::size_t count) { used_ += count; }
  [[nodiscard]] bool too_large() const { return used_ > max_; }
  [[nodiscard]] Secret take() const { return Secret(data_.reveal_bytes().first(used_)); }

 private:
  void grow() {
    Secret larger = Secret::of_size(std::min(max_ + 1, std::max(first_buffer, 2 * used_)));
    std::ranges::copy(data_.reveal_bytes().first(used_), larger.writable().begin());
    data_ = std::move(larger);
  }

  std::size_t max_;
  std::size_t used_ = 0;
  Secret data_;
};

std::unexpected<sigstore::Error> too_large(std::size_t max) {
  return fail(Code::too_large, "standard input is too large", "more than " + std::to_string(max) + " bytes");
}

// Echo is off while this lives. Quit and suspend are off too: both would leave the terminal without echo.
class Hidden {
 public:
  explicit Hidden(int terminal) : terminal_(terminal) {
    if (tcgetattr(terminal_, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= ICANON | ISIG;
    hidden.c_iflag |= ICRNL;
    hidden.c_cc[VQUIT] = _POSIX_VDISABLE;
    hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
    changed_ = tcsetattr(terminal_, TCSANOW, &hidden) == 0;
  }
  ~Hidden() {
    if (changed_) tcsetattr(terminal_, TCSANOW, &before_);
  }
  Hidden(const Hidden&) = delete;
  [[nodiscard]] bool works() const { return changed_; }

 private:
  int terminal_;
  termios before_{};
  bool changed_ = false;
};

}  // namespace

Input::Input(int descriptor, const sigstore::Cancel* cancel)
    : descriptor_(descriptor), cancel_(cancel), terminal_(isatty(descriptor) == 1) {}

Result<std::size_t> Input::read_some(std::uint8_t* to, std::size_t size) {
  const int slice = cancel_ != nullptr && cancel_->descriptor() < 0 ? 100 : -1;  // then is_set() is looked at
  while (true) {
    pollfd waits[] = {{descriptor_, POLLIN, 0}, {cancel_ != nullptr ? cancel_->descriptor() : -1, POLLIN, 0}};
    if (poll(waits, 2, slice) < 0 && errno != EINTR) return fail_errno(errno, std::string(standard_input));
    // Also when there is something to read: whoever interrupts a question does not answer it.
    if (cancel_ != nullptr && cancel_->is_set()) return fail(Code::cancelled, "interrupted");
    if (waits[0].revents == 0) continue;
    const ssize_t count = ::read(descriptor_, to, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR && errno != EAGAIN) return fail_errno(errno, std::string(standard_input));
  }
}

Result<Secret> Input::read_all(std::size_t max) {
  SecretBuffer buffer(max);
  while (true) {
    const auto room = buffer.room();
    TRY(const std::size_t count, read_some(room.data(), room.size()));
    if (count == 0) return buffer.take();
    buffer.took(count);
    if (buffer.too_large()) return too_large(max);
  }
}

Result<std::optional<Secret>> Input::read_line(std::size_t max) {
  SecretBuffer buffer(max);
  for (bool first = true;; first = false) {
    const auto room = buffer.room();
    TRY(const std::size_t count, read_some(room.data(), 1));
    if (count == 0 && first) return std::nullopt;
    if (count == 0 || room[0] == '\n') return buffer.take();
    buffer.took(1);
    if (buffer.too_large()) return too_large(max);
  }
}

Result<std::optional<Secret>> Input::read_hidden_line(std::size_t max,
                                                      const std::function<Result<void>()>& ask) {
  const Hidden hidden(descriptor_);
  if (!hidden.works()) return fail_errno(errno, "cannot hide what is typed on the terminal");
  TRY_OK(ask());
  return read_line(max);
}

}  // namespace cosign::ui
