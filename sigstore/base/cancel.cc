#include "sigstore/base/cancel.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace sigstore {

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

Cancel::Cancel() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Cancel::~Cancel() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Cancel::set() noexcept {
  const int saved = errno;
  set_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  if (descriptor_ >= 0 && write(descriptor_, &one, sizeof one) < 0) {
    // A full counter is readable already.
  }
  errno = saved;
}

}  // namespace sigstore
