// What one set of TlsOptions comes to: trust anchors and a client certificate, loaded once and shared.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>

#include "sigstore/net/curl/internal/certificate_pool.h"
#include "sigstore/net/curl/internal/tls_observer.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Immutable once loaded; thread-safe. Outlives the connections that it was applied to.
class TlsSettings {
 public:
  // `system_pool` is called where the options name no CA files and verify. Code::tls.
  static Result<std::shared_ptr<const TlsSettings>> load(
      Files& files, TlsOptions options,
      const std::function<Result<std::shared_ptr<CertificatePool>>()>& system_pool);
  [[nodiscard]] const TlsOptions& options() const { return options_; }
  // Where the trust anchors come from, for people.
  [[nodiscard]] std::vector<std::string> places() const;
  // Into a context that is about to connect.
  Result<void> apply(SSL_CTX* context, TlsObserver& observer) const;

 private:
  Result<void> load_trust(Files& files,
                          const std::function<Result<std::shared_ptr<CertificatePool>>()>& system_pool);
  Result<void> load_client(Files& files);

  TlsOptions options_;
  std::unique_ptr<TrustStore> trust_;         // null: nothing is verified
  std::vector<CertificatePtr> client_chain_;  // the client's own first
  std::unique_ptr<EVP_PKEY, TlsDelete<EVP_PKEY_free>> client_key_;
};

}  // namespace sigstore::net
