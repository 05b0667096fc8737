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
  // Into a context that is about to connect. The first time the files are read: Code::tls for one that cannot
  // be used, and where there is nothing to verify with.
  Result<void> apply(SSL_CTX* context, TlsObserver& observer);
  // Where the trust anchors come from, for people; empty before they are loaded.
  [[nodiscard]] std::vector<std::string> places();

 private:
  struct Loaded {
    std::unique_ptr<TrustStore> trust;         // null: nothing is verified
    std::vector<CertificatePtr> client_chain;  // the client's own first
    std::unique_ptr<EVP_PKEY, TlsDelete<EVP_PKEY_free>> client_key;
  };
  Result<const Loaded*> loaded();
  Result<void> load_trust(Loaded& into);
  Result<void> load_client(Loaded& into);

  Files& files_;
  const TlsOptions options_;
  const SystemPool system_pool_;
  std::mutex mutex_;
  std::unique_ptr<const Loaded> loaded_;  // set once
};

}  // namespace sigstore::net
