// A connected socket, plain or TLS, every wait of which ends.
#pragma once

#include <openssl/ssl.h>
#include <sys/uio.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace sigstore::net {

// How long the other side may take: `each` for one wait, and over all waits `total` plus the time that the
// bytes so far take at `rate` per second (0: no credit for bytes). What a handler does meanwhile does not
// count.
struct Patience {
  Duration each;
  Duration total;
  std::uint64_t rate = 0;
  std::uint64_t bytes = 0;
  Duration waited{};

  [[nodiscard]] Duration next() const;
};

class Wire {
 public:
  explicit Wire(int fd) : fd_(fd) {}  // takes the descriptor, which does not block
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Before anything else, when the connection is TLS.
  Result<void> handshake(SSL_CTX* context, Patience patience);
  // 0 when the client has closed.
  Result<std::size_t> read(std::span<std::uint8_t> out, Patience& patience);
  Result<void> write(std::string_view head, std::string_view body, Patience& patience);
  void say_goodbye();  // nothing more will be written
  // Takes in what is still coming for a moment: closing over unread bytes resets the connection, and the
  // client would lose the answer.
  void linger();
  // From any thread: cut() ends every wait, stop_reading() those for the client's bytes.
  void cut() const;
  void stop_reading() const;

  [[nodiscard]] std::string client_name() const;  // of its certificate; "" without one
  [[nodiscard]] bool encrypted() const { return ssl_ != nullptr; }

 private:
  struct SslDelete {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  Result<void> wait(short events, Patience& patience) const;
  Result<void> write_plain(std::span<iovec> parts, Patience& patience);
  Result<void> write_tls(std::string_view data, Patience& patience);
  // What to do after SSL_read, SSL_write or SSL_accept returned `result`: waits and succeeds, or fails.
  Result<void> settle_tls(int result, Patience& patience);

  int fd_;
  std::unique_ptr<SSL, SslDelete> ssl_;
};

}  // namespace sigstore::net
