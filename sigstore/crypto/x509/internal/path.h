// One path of certificates in OpenSSL's hands. The only header of this room that lets OpenSSL's types be
// seen.
#pragma once

#include <openssl/x509.h>

#include <functional>
#include <memory>
#include <span>

#include "sigstore/crypto/internal/openssl.h"
#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509::internal {

using X509Ptr = std::unique_ptr<X509, crypto::internal::Free<X509_free>>;

// Code::malformed when OpenSSL cannot read what our reader could. Safe to use from several threads after
// that.
Result<X509Ptr> open_certificate(const Certificate& certificate);

// Whether the issuer's key made the certificate's signature. Names are not compared.
bool is_signed_by(const X509& certificate, const X509& issuer);

struct PathError {
  std::size_t at = 0;  // which certificate of the path
  std::string reason;
};

// Judges a path, leaf first, of which the last is trusted: basic constraints, path length, name constraints,
// what is critical, strength of keys and digests, by the rules of RFC 5280 as OpenSSL knows them. `linked`
// says whether one of the path (its number) is signed by the next: it is asked in place of OpenSSL's own
// check. Validity in time is not looked at.
std::expected<void, PathError> judge_path(std::span<X509* const> path,
                                          const std::function<bool(std::size_t)>& linked);

}  // namespace sigstore::crypto::x509::internal
