// Links and paths of a form that is understood here wholly: ECDSA, no constraints on names, no policies.
// Almost all are. What is not plain is left to OpenSSL, which takes longer to read one certificate than this
// to judge ten (docs/design/decisions/0010-certificate-paths.md).
#pragma once

#include <optional>
#include <span>

#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509::internal {

// Whether the issuer's key made the certificate's signature; nullopt where that is left to OpenSSL. Names are
// not compared.
std::optional<bool> plainly_signed(const Certificate& certificate, const Certificate& issuer);

// Whether OpenSSL could only say yes to a path, leaf first, of which the last is trusted, its signatures are
// good, and check_leaf() and check_authority() have passed. False says nothing: OpenSSL is to be asked.
bool is_plain_path(std::span<const Certificate* const> path);

}  // namespace sigstore::crypto::x509::internal
