#include "sigstore/net/server/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "sigstore/base/cancel.h"
#include "sigstore/net/address.h"
#include "sigstore/net/server/internal/connection.h"
#include "sigstore/net/server/internal/tls.h"

namespace sigstore::net {
namespace {

union Endpoint {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

socklen_t size_of(const Endpoint& endpoint) {
  return endpoint.any.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

Result<Endpoint> parse_endpoint(const std::string& text, std::uint16_t port) {
  const std::string literal = text == "localhost" ? "127.0.0.1" : text;
  const auto address = parse_address(literal);
  if (!address) return fail(Code::invalid_argument, "not an address to listen on: " + text);
  Endpoint endpoint{};
  if (literal.find(':') == literal.npos) {
    endpoint.v4.sin_family = AF_INET;
    endpoint.v4.sin_port = htons(port);
    std::copy(address->begin() + 12, address->end(), reinterpret_cast<std::uint8_t*>(&endpoint.v4.sin_addr));
  } else {
    endpoint.v6.sin6_family = AF_INET6;
    endpoint.v6.sin6_port = htons(port);
    std::copy(address->begin(), address->end(), endpoint.v6.sin6_addr.s6_addr);
  }
  return endpoint;
}

std::uint16_t port_of(const Endpoint& endpoint) {
  return ntohs(endpoint.any.sa_family == AF_INET ? endpoint.v4.sin_port : endpoint.v6.sin6_port);
}

std::string print(const Endpoint& endpoint) {
  char text[INET6_ADDRSTRLEN] = "";
  const std::string port = ":" + std::to_string(port_of(endpoint));
  if (endpoint.any.sa_family == AF_INET)
    return inet_ntop(AF_INET, &endpoint.v4.sin_addr, text, sizeof text) + port;
  inet_ntop(AF_INET6, &endpoint.v6.sin6_addr, text, sizeof text);
  return "[" + std::string(text) + "]" + port;
}

// Nothing here waits: the next client does.
void turn_away(int fd, bool plain) {
  constexpr std::string_view answer =
      "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  if (plain) {
    static_cast<void>(send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
    shutdown(fd, SHUT_WR);
    char rest[4096];  // closing over unread bytes could take the answer back
    static_cast<void>(recv(fd, rest, sizeof rest, MSG_DONTWAIT));
  }
  close(fd);
}

// How many files this process may have open: as many as it may allow itself.
std::size_t open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlim_t asked = std::exchange(limit.rlim_cur, limit.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return asked;
  return limit.rlim_cur;
}

class TcpListener final : public Listener {
 public:
  TcpListener(const ListenerOptions& options, Handler handler)
      : options_(options), handler_(std::move(handler)) {}
  ~TcpListener() override { stop(std::chrono::milliseconds(0)); }

  // Takes the descriptor, or binds the address, of the options.
  Result<void> open();
  void start() {
    acceptor_ = std::thread([this] { accept_all(); });
  }

  std::uint16_t port() const override { return port_of(bound_); }
  std::string address() const override { return print(bound_); }
  std::uint64_t connections_accepted() const override { return accepted_; }
  void stop(std::chrono::milliseconds grace) override;

 private:
  Result<void> bind_address();
  Result<void> adopt();
  void accept_all();
  bool wait_for_client();  // false: stopping
  bool wait_for_room();    // false: stopping
  void drop_silent();      // under the lock
  void make_room();
  bool has_too_many(const std::string& network);
  void admit(int fd, const Endpoint& peer);
  void run(std::shared_ptr<Connection> connection);
  void forget(const std::shared_ptr<Connection>& connection);  // under the lock

  const ListenerOptions options_;
  const Handler handler_;
  std::optional<TlsFiles> tls_;  // of the acceptor
  int fd_ = -1;
  Endpoint bound_{};
  std::thread acceptor_;
  Cancel stopping_;
  std::atomic<std::uint64_t> accepted_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;                   // a connection ended, or stopping
  std::vector<std::shared_ptr<Connection>> running_;  // each on a thread of its own
};

// Whether it may be served: systemd hands over what its units say, also datagrams and pipes.
bool is_listening_tcp(int descriptor) {
  const auto option = [&](int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
  };
  const int domain = option(SO_DOMAIN);
  return option(SO_TYPE) == SOCK_STREAM && option(SO_ACCEPTCONN) == 1 &&
         (domain == AF_INET || domain == AF_INET6);
}

Result<void> TcpListener::open() {
  fd_ = options_.descriptor;
  TRY(tls_, TlsFiles::open(options_));
  return fd_ >= 0 ? adopt() : bind_address();
}

Result<void> TcpListener::adopt() {
  socklen_t size = sizeof bound_;
  const int flags = fcntl(fd_, F_GETFL);
  if (!is_listening_tcp(fd_) || getsockname(fd_, &bound_.any, &size) != 0 || flags < 0 ||
      fcntl(fd_, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd_, F_SETFD, FD_CLOEXEC) != 0)
    return fail(Code::invalid_argument,
                "descriptor " + std::to_string(fd_) + " is no TCP socket that listens");
  return {};
}

Result<void> TcpListener::bind_address() {
  TRY(auto endpoint, parse_endpoint(options_.address, options_.port));
  const auto refuse = [&] {
    return fail(Code::unreachable, "cannot listen on " + print(endpoint), std::strerror(errno));
  };
  fd_ = socket(endpoint.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) return refuse();
  const int on = 1, off = 0;
  setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (endpoint.any.sa_family == AF_INET6) setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(fd_, &endpoint.any, size_of(endpoint)) != 0 || listen(fd_, SOMAXCONN) != 0) return refuse();
  socklen_t size = sizeof bound_;
  if (getsockname(fd_, &bound_.any, &size) != 0) return refuse();
  return {};
}

bool TcpListener::wait_for_client() {
  pollfd entries[] = {{fd_, POLLIN, 0}, {stopping_.descriptor(), POLLIN, 0}};
  while (!stopping_.is_set()) {
    if (poll(entries, 2, 1000) > 0 && (entries[0].revents & POLLIN) != 0) return !stopping_.is_set();
  }
  return false;
}

bool TcpListener::wait_for_room() {
  std::unique_lock lock(mutex_);
  while (!stopping_.is_set() && running_.size() >= options_.connections) {
    drop_silent();
    changed_.wait_for(lock, std::chrono::milliseconds(100));
  }
  return !stopping_.is_set();
}

// The one that has been silent for longest: who holds connections without a use for them keeps nobody out.
void TcpListener::drop_silent() {
  auto longest = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  Connection* found = nullptr;
  for (const auto& connection : running_) {
    const auto since = connection->silent_since();
    if (!since || *since > longest) continue;
    longest = *since;
    found = connection.get();
  }
  if (found != nullptr) found->finish();
}

// Files or memory have run out before connections have.
void TcpListener::make_room() {
  {
    const std::lock_guard lock(mutex_);
    drop_silent();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

bool TcpListener::has_too_many(const std::string& network) {
  const std::lock_guard lock(mutex_);
  const auto theirs = std::count_if(running_.begin(), running_.end(),
                                    [&](const auto& other) { return other->network() == network; });
  return static_cast<std::size_t>(theirs) >= options_.connections_per_client;
}

void TcpListener::accept_all() {
  while (wait_for_client() && wait_for_room()) {
    Endpoint peer{};
    socklen_t size = sizeof peer;
    const int client = accept4(fd_, &peer.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client >= 0)
      admit(client, peer);
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
      make_room();
  }
}

void TcpListener::admit(int fd, const Endpoint& peer) {
  if (has_too_many(network_of(print(peer)))) return turn_away(fd, options_.certificate_file.empty());
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto connection = std::make_shared<Connection>(fd, print(peer), options_, handler_, tls_->current());
  {
    const std::lock_guard lock(mutex_);
    running_.push_back(connection);
  }
  ++accepted_;
  if (options_.counts) ++options_.counts->accepted, ++options_.counts->open;
  try {
    std::thread([this, connection]() mutable { run(std::move(connection)); }).detach();
  } catch (const std::system_error&) {  // no more threads: this client is turned away
    const std::lock_guard lock(mutex_);
    forget(connection);
  }
}

void TcpListener::forget(const std::shared_ptr<Connection>& connection) {
  std::erase(running_, connection);
  if (options_.counts) --options_.counts->open;
}

void TcpListener::run(std::shared_ptr<Connection> connection) {
  sigset_t all;  // signals are for the program's own threads; a write to a closed TLS socket must not end it
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  try {
    connection->serve();
  } catch (...) {  // out of memory: this connection ends
    connection->cut();
  }
  // All under the lock: stop() may destroy this object right after it.
  const std::lock_guard lock(mutex_);
  forget(connection);
  connection.reset();
  changed_.notify_all();
}

void TcpListener::stop(std::chrono::milliseconds grace) {
  stopping_.set();
  {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }
  if (acceptor_.joinable()) acceptor_.join();
  if (fd_ >= 0) close(std::exchange(fd_, -1));
  std::unique_lock lock(mutex_);
  for (const auto& connection : running_) connection->finish();
  const auto all_over = [this] { return running_.empty(); };
  if (changed_.wait_for(lock, grace, all_over)) return;
  for (const auto& connection : running_) connection->interrupt();
  changed_.wait_for(lock, std::chrono::seconds(1), all_over);
  for (const auto& connection : running_) connection->cut();
  changed_.wait(lock, all_over);
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::start(const ListenerOptions& options, Handler handler) {
  ListenerOptions kept = options;
  kept.connections = std::clamp<std::size_t>(open_files() / 2, 1, options.connections);
  auto listener = std::make_unique<TcpListener>(kept, std::move(handler));
  TRY_OK(listener->open());
  try {
    listener->start();
  } catch (const std::system_error& error) {
    return fail(Code::internal, "no thread for the server", error.what());
  }
  return listener;
}

}  // namespace sigstore::net
