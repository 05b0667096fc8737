// The TLS set-up of a server.
#pragma once

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "sigstore/net/server/listener.h"

namespace sigstore::net {

using SslContext = std::shared_ptr<SSL_CTX>;

// TLS 1.2 and later. Null when the options name no certificate. Code::tls for files that cannot be used.
Result<SslContext> make_server_tls(const ListenerOptions& options);

// The set-up that new connections get: it follows the files of the options. For one thread.
class TlsFiles {
 public:
  // Errors: those of make_server_tls(). `options` outlives it.
  static Result<TlsFiles> open(const ListenerOptions& options);

  // Looks at the files at most once a second. Files that cannot be used leave the set-up as it was; when they
  // stay so, `options.trouble` is told, once.
  SslContext current();

 private:
  // When and which: a file that was replaced or rewritten has another one.
  struct Stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    timespec changed;
    bool operator==(const Stamp& other) const;
  };
  using Stamps = std::array<Stamp, 3>;

  explicit TlsFiles(const ListenerOptions& options) : options_(&options) {}
  [[nodiscard]] Stamps look() const;

  const ListenerOptions* options_;
  SslContext context_;
  std::chrono::steady_clock::time_point looked_{};
  Stamps used_{}, failed_{}, told_{};
};

// The subject's common name of the certificate that the client showed; "" without one, and for one that is no
// short text.
std::string client_name(const SSL* ssl);

}  // namespace sigstore::net
