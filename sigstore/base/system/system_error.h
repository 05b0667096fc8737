// The system's errno as an Error, and a descriptor that closes itself. For base/system only.
#pragma once

#include <string>
#include <utility>

#include "sigstore/base/result.h"

namespace sigstore::system {

// `number` is an errno; the message is the caller's, the cause the system's text for it.
[[nodiscard]] std::unexpected<Error> fail_errno(int number, std::string message);

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { reset(); }
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int reset();  // closes; close()'s result

 private:
  int fd_ = -1;
};

}  // namespace sigstore::system
