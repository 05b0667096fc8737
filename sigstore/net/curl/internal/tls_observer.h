// Looks on while a connection is made, to explain why it failed. The verdict stays OpenSSL's.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <optional>

#include "sigstore/base/result.h"
#include "sigstore/net/curl/internal/certificate_pool.h"

namespace sigstore::net {

// Lives as long as the connections that it watches.
struct TlsObserver {
  int verify_error = 0;                        // X509_V_ERR_*, of the first complaint
  CertificatePtr complained;                   // the certificate it is about
  CertificatePtr server;                       // the other side's own
  std::array<std::uint8_t, 5> first_record{};  // the first bytes that came back
  int alert = 0;                               // the last one that the other side sent, but for a farewell
  bool asked_for_certificate = false;          // the other side wants to see one of the client
  std::optional<Error> failure;                // no verdict: the trust anchors cannot be used
  int contexts = 0;                            // handshakes begun: with a proxy over TLS there are two

  // From now on this one is watched; what was seen of the one before is forgotten.
  void watch(SSL_CTX* context);
  // The observer of a connection whose certificates are looked at; nullptr for none.
  static TlsObserver* of(X509_STORE_CTX* chain);
};

}  // namespace sigstore::net
