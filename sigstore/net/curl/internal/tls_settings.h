// What one set of TlsOptions comes to: trust anchors and a client certificate, loaded once and shared.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <mutex>

#include "sigstore/net/curl/internal/certificate_pool.h"
#include "sigstore/net/curl/internal/tls_observer.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Thread-safe. Outlives the connections that it was applied to.
class TlsSettings {
 public:
  // Asked where the options verify, and name no CA files.
  using SystemPool = std::function<Result<std::shared_ptr<CertificatePool>>()>;

  // Nothing is read yet. `files` outlives it.
  TlsSettings(Files& files, TlsOptions options, SystemPool system_pool);
  [[nodiscard]] const TlsOptions& options() const { return options_; }
  // Into a context that is about to connect. The first time the client certificate is read: Code::tls when it
  // cannot be used. The trust anchors are read when the other side's certificates are there, so that one that
  // speaks no TLS costs nothing; a failure of that (Code::tls) is the observer's.
  Result<void> apply(SSL_CTX* context, TlsObserver& observer);
  // Where the trust anchors come from, for people; empty before they are loaded.
  [[nodiscard]] std::vector<std::string> places();
  // Where the client certificate stands, for people; empty: there is none.
  [[nodiscard]] const std::string& client_place() const;

 private:
  struct Client {
    std::vector<CertificatePtr> chain;  // its own first
    std::unique_ptr<EVP_PKEY, TlsDelete<EVP_PKEY_free>> key;
  };
  static int verify(X509_STORE_CTX* chain, void* self);
  Result<void> load_trust();
  Result<std::shared_ptr<CertificatePool>> wanted_pool() const;
  Result<const Client*> client();
  Result<std::unique_ptr<Client>> load_client() const;

  Files& files_;
  const TlsOptions options_;
  const SystemPool system_pool_;
  TrustStore trust_;
  std::mutex mutex_;                      // of the two below
  bool trust_loaded_ = false;             // `trust_` has its pools
  std::unique_ptr<const Client> client_;  // set once
};

}  // namespace sigstore::net
