#include "sigstore/net/server/internal/wire.h"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "sigstore/base/limits.h"
#include "sigstore/net/server/internal/tls.h"

namespace sigstore::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::unexpected<Error> gone(int error) {
  return fail(Code::unreachable, "the client closed the connection", std::strerror(error));
}

int poll_timeout(Duration duration) {
  const auto rounded = std::chrono::ceil<milliseconds>(duration).count();
  return static_cast<int>(std::clamp<std::int64_t>(rounded, 0, 3600 * 1000));
}

}  // namespace

Duration Patience::next() const {
  const Duration credit = rate == 0 ? Duration{} : std::chrono::seconds(bytes / rate);
  return std::min(each, total + credit - waited);
}

Wire::~Wire() {
  close(fd_);
}

Result<void> Wire::wait(short events, Patience& patience) const {
  const Duration limit = patience.next();
  const auto start = steady_clock::now();
  pollfd entry{fd_, events, 0};
  int ready = 0;
  do {
    const Duration left = limit - (steady_clock::now() - start);
    ready = left > Duration{} ? poll(&entry, 1, poll_timeout(left)) : 0;
  } while (ready < 0 && errno == EINTR);
  patience.waited += steady_clock::now() - start;
  if (ready > 0) return {};
  return ready == 0 ? fail(Code::timeout, "the client is too slow") : gone(errno);
}

Result<void> Wire::handshake(SSL_CTX* context, Patience patience) {
  ssl_.reset(SSL_new(context));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd_) != 1) return fail(Code::internal, "TLS cannot be set up");
  while (true) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    if (result == 1) return {};
    TRY_OK(settle_tls(result, patience));
  }
}

Result<void> Wire::settle_tls(int result, Patience& patience) {
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return wait(POLLIN, patience);
    case SSL_ERROR_WANT_WRITE:
      return wait(POLLOUT, patience);
    case SSL_ERROR_ZERO_RETURN:
      return gone(0);
    case SSL_ERROR_SYSCALL:
      return gone(system_error);
    default:
      break;
  }
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return fail(Code::tls, "TLS with the client failed", reason ? reason : "");
}

Result<std::size_t> Wire::read(std::span<std::uint8_t> out, Patience& patience) {
  while (true) {
    if (ssl_) {
      ERR_clear_error();
      std::size_t got = 0;
      const int result = SSL_read_ex(ssl_.get(), out.data(), out.size(), &got);
      if (result == 1) return patience.bytes += got, got;
      if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) return 0;
      TRY_OK(settle_tls(result, patience));
    } else {
      const ssize_t got = recv(fd_, out.data(), out.size(), 0);
      if (got >= 0) return patience.bytes += static_cast<std::size_t>(got), static_cast<std::size_t>(got);
      if (errno != EAGAIN && errno != EINTR) return gone(errno);
      TRY_OK(wait(POLLIN, patience));
    }
  }
}

Result<void> Wire::write(std::string_view head, std::string_view body, Patience& patience) {
  if (!ssl_) {
    std::array<iovec, 2> parts = {iovec{const_cast<char*>(head.data()), head.size()},
                                  iovec{const_cast<char*>(body.data()), body.size()}};
    return write_plain(parts, patience);
  }
  constexpr std::size_t record = 16 * limits::kib;
  if (head.size() + body.size() <= record) return write_tls(std::string(head).append(body), patience);
  TRY_OK(write_tls(head, patience));
  return write_tls(body, patience);
}

Result<void> Wire::write_plain(std::span<iovec> parts, Patience& patience) {
  while (!parts.empty()) {
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) return gone(errno);
      TRY_OK(wait(POLLOUT, patience));
      continue;
    }
    patience.bytes += static_cast<std::size_t>(sent);
    for (auto left = static_cast<std::size_t>(sent); !parts.empty();) {
      const std::size_t step = std::min(left, parts[0].iov_len);
      parts[0].iov_base = static_cast<char*>(parts[0].iov_base) + step;
      parts[0].iov_len -= step;
      left -= step;
      if (parts[0].iov_len != 0) break;
      parts = parts.subspan(1);
    }
  }
  return {};
}

Result<void> Wire::write_tls(std::string_view data, Patience& patience) {
  while (!data.empty()) {
    ERR_clear_error();
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_.get(), data.data(), data.size(), &sent);
    if (result != 1) {
      TRY_OK(settle_tls(result, patience));
      continue;
    }
    patience.bytes += sent;
    data.remove_prefix(sent);
  }
  return {};
}

std::string Wire::client_name() const {
  return ssl_ ? net::client_name(ssl_.get()) : std::string();
}

void Wire::say_goodbye() {
  if (ssl_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  shutdown(fd_, SHUT_WR);
}

void Wire::linger() {
  std::array<std::uint8_t, 4096> rest;
  Patience patience{milliseconds(500), milliseconds(1000)};
  for (int i = 0; i < 256; ++i) {
    const ssize_t got = recv(fd_, rest.data(), rest.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
    if (got < 0 && !wait(POLLIN, patience)) return;
  }
}

void Wire::stop_reading() const {
  shutdown(fd_, SHUT_RD);
}

void Wire::cut() const {
  shutdown(fd_, SHUT_RDWR);
}

}  // namespace sigstore::net
