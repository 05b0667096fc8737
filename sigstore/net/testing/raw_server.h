// A TCP server on 127.0.0.1 that does exactly what a test tells it to, however wrong.
//
//   RawServer server([](RawServer::Peer& peer) {
//     peer.hear();
//     peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
//   });                                            // the connection is closed when the function returns
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sigstore/net/url.h"

namespace sigstore::net::testing {

class RawServer {
 public:
  // One accepted connection, on a thread of its own.
  class Peer {
   public:
    Peer(RawServer& server, int fd, int number) : server_(server), fd_(fd), number_(number) {}
    // One request with its body (Content-Length), kept in the server's log; "" at the end of the connection.
    std::string hear();
    // So many bytes; fewer at the end of the connection.
    std::string hear_bytes(std::size_t count);
    // False when the other side is gone.
    bool say(std::string_view text) const;
    // Ends the connection with a reset instead of a farewell.
    void reset() const;
    // Waits until the other side closes or sends something.
    void wait() const;
    // Passes bytes on between this connection and a port of 127.0.0.1, until one side closes.
    void tunnel_to(std::uint16_t port) const;
    [[nodiscard]] int number() const { return number_; }  // 1 for the first connection

   private:
    RawServer& server_;
    int fd_;
    int number_;
    std::string heard_;
  };

  // `serve` is called for each connection, for several at once.
  explicit RawServer(std::function<void(Peer&)> serve);
  ~RawServer();  // ends all connections
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Url url(const std::string& path = "/", const std::string& scheme = "http") const;
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] std::vector<std::string> heard() const;  // all requests, in order

 private:
  void accept_all();

  const std::function<void(Peer&)> serve_;
  int fd_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<int> open_;  // descriptors
  std::vector<std::thread> threads_;
  std::vector<std::string> log_;
  std::thread acceptor_;
};

}  // namespace sigstore::net::testing
