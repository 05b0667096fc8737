// What one certificate must be for its place in a path, whatever stands beside it. Errors are Code::mismatch.
#pragma once

#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509::internal {

enum class Role { leaf, intermediate, root };

// "the certificate of jo@example.com", "the intermediate certificate O=…, CN=…"
std::string shown(const Certificate& certificate, Role role);

std::unexpected<Error> refuse(std::string message, std::string cause = {});

// No CA, for signatures, with the extended key usage `purpose`, valid at `at`, nothing critical unknown.
Result<void> check_leaf(const Certificate& leaf, std::string_view purpose, Time at);
// A CA that may issue certificates of that purpose, valid at `at`, nothing critical unknown.
Result<void> check_authority(const Certificate& certificate, Role role, std::string_view purpose, Time at);

}  // namespace sigstore::crypto::x509::internal
