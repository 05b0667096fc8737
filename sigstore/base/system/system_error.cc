#include "sigstore/base/system/system_error.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sigstore::system {
namespace {

Code code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return Code::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::forbidden;
    case ENOSPC:
    case EDQUOT:
      return Code::disk_full;
    case EEXIST:
      return Code::conflict;
    default:
      return Code::io;
  }
}

// strerror without its translated catalogue: the same text in every locale, in lower case like all of ours.
std::string text_of(int number) {
  const char* text = strerrordesc_np(number);
  std::string result = text != nullptr ? text : "error " + std::to_string(number);
  if (result.size() > 1 && result[0] >= 'A' && result[0] <= 'Z' && (result[1] < 'A' || result[1] > 'Z'))
    result[0] = static_cast<char>(result[0] + ('a' - 'A'));
  return result;
}

}  // namespace

std::unexpected<Error> fail_errno(int number, std::string message) {
  return fail(code_of(number), std::move(message), text_of(number));
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

int Descriptor::reset() {
  const int fd = std::exchange(fd_, -1);
  return fd < 0 ? 0 : close(fd);
}

}  // namespace sigstore::system
