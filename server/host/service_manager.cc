#include "server/host/service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "sigstore/base/limits.h"

namespace server::host {

using namespace sigstore;

namespace {

constexpr int first_passed = 3;  // sd_listen_fds(3): SD_LISTEN_FDS_START

std::optional<long> whole_number(const std::string& text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::unexpected<Error> nonsense(const std::string& name, const std::string& value) {
  return fail(Code::invalid_argument, "the variable " + name + " of the service manager makes no sense",
              value);
}

// The names of all, "a:b:c"; fewer than sockets when the variable is not set.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> names;
  for (;;) {
    const auto colon = text.find(':');
    names.emplace_back(text.substr(0, colon));
    if (colon == text.npos) return names;
    text.remove_prefix(colon + 1);
  }
}

void forget(const char* name) {
  unsetenv(name);  // NOLINT(concurrency-mt-unsafe): there are no threads yet
}

}  // namespace

Result<std::vector<PassedSocket>> take_passed_sockets(const Variables& variables) {
  const auto pid = variables.get("LISTEN_PID"), count = variables.get("LISTEN_FDS");
  const auto names = split(variables.get("LISTEN_FDNAMES").value_or(""));
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) forget(name);
  std::vector<PassedSocket> sockets;
  if (!pid || !count) return sockets;
  const auto meant = whole_number(*pid), number = whole_number(*count);
  if (!meant) return nonsense("LISTEN_PID", *pid);
  if (*meant != getpid()) return sockets;
  if (!number || *number < 0 || *number > static_cast<long>(limits::passed_sockets))
    return nonsense("LISTEN_FDS", *count);
  for (int i = 0; i < *number; ++i) {
    const auto index = static_cast<std::size_t>(i);
    sockets.push_back({first_passed + i, index < names.size() ? names[index] : ""});
    if (fcntl(first_passed + i, F_SETFD, FD_CLOEXEC) != 0) return nonsense("LISTEN_FDS", *count);
  }
  return sockets;
}

Notifier::Notifier(const Variables& variables) : path_(variables.get("NOTIFY_SOCKET").value_or("")) {
  forget("NOTIFY_SOCKET");
}

// A manager that cannot be told is no reason to stop.
void Notifier::send(std::string_view message) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool usable = path_.starts_with('/') || path_.starts_with('@');
  if (!usable || path_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  if (path_.starts_with('@')) address.sun_path[0] = '\0';  // not a file: a name of the kernel's
  const auto size = offsetof(sockaddr_un, sun_path) + path_.size() + (path_.starts_with('/') ? 1 : 0);
  const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
         reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size));
  close(descriptor);
}

}  // namespace server::host
