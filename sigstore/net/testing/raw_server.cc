#include "sigstore/net/testing/raw_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace sigstore::net::testing {
namespace {

sockaddr_in local_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Appends what comes; false at the end.
bool receive(int fd, std::string& text) {
  char chunk[65536];
  const ssize_t got = recv(fd, chunk, sizeof chunk, 0);
  if (got > 0) text.append(chunk, static_cast<std::size_t>(got));
  return got > 0;
}

// The bytes of the first request in `text`, or 0 while it is not whole.
std::size_t request_size(std::string_view text) {
  const auto end = text.find("\r\n\r\n");
  if (end == text.npos) return 0;
  std::size_t length = 0;
  constexpr std::string_view header = "\r\nContent-Length: ";
  if (const auto at = text.substr(0, end).find(header); at != text.npos)
    std::from_chars(text.data() + at + header.size(), text.data() + end, length);
  return text.size() >= end + 4 + length ? end + 4 + length : 0;
}

}  // namespace

std::string RawServer::Peer::hear() {
  while (request_size(heard_) == 0)
    if (!receive(fd_, heard_)) return "";
  const std::size_t size = request_size(heard_);
  std::string request = heard_.substr(0, size);
  heard_.erase(0, size);
  const std::lock_guard lock(server_.mutex_);
  server_.log_.push_back(request);
  return request;
}

std::string RawServer::Peer::hear_bytes(std::size_t count) {
  while (heard_.size() < count && receive(fd_, heard_)) {
  }
  std::string bytes = heard_.substr(0, count);
  heard_.erase(0, count);
  return bytes;
}

bool RawServer::Peer::say(std::string_view text) const {
  return send_all(fd_, text);
}

void RawServer::Peer::reset() const {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void RawServer::Peer::wait() const {
  pollfd entry{fd_, POLLIN, 0};
  poll(&entry, 1, 60000);
}

void RawServer::Peer::tunnel_to(std::uint16_t port) const {
  const int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = local_address(port);
  pollfd entries[] = {{fd_, POLLIN, 0}, {other, POLLIN, 0}};
  bool open = connect(other, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  while (open && poll(entries, 2, 60000) > 0)
    for (int side = 0; side < 2 && open; ++side) {
      std::string text;
      if (entries[side].revents != 0)
        open = receive(entries[side].fd, text) && send_all(entries[1 - side].fd, text);
    }
  close(other);
}

RawServer::RawServer(std::function<void(Peer&)> serve)
    : serve_(std::move(serve)), fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = local_address(0);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd_, any, size) != 0 || listen(fd_, SOMAXCONN) != 0 || getsockname(fd_, any, &size) != 0)
    std::abort();
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

void RawServer::accept_all() {
  for (int client = 0; (client = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const int number = ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(client);
    threads_.emplace_back([this, client, number] {
      Peer peer(*this, client, number);
      serve_(peer);
      const std::lock_guard closing(mutex_);
      std::erase(open_, client);
      close(client);
    });
  }
}

RawServer::~RawServer() {
  shutdown(fd_, SHUT_RDWR);
  acceptor_.join();
  close(fd_);
  {
    const std::lock_guard lock(mutex_);
    for (const int client : open_) shutdown(client, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

Url RawServer::url(const std::string& path, const std::string& scheme) const {
  return Url::parse(scheme + "://127.0.0.1:" + std::to_string(port_) + path).value();
}

std::vector<std::string> RawServer::heard() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

}  // namespace sigstore::net::testing
