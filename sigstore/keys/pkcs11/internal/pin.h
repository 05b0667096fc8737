// The PIN of a token, and where it came from.
#pragma once

#include "sigstore/keys/pkcs11/uri.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys::internal {

struct Pin {
  Secret text;
  std::string from;  // "COSIGN_PKCS11_PIN"; empty when a person typed it
};

// What needs no person: pin-value, pin-source, COSIGN_PKCS11_PIN, in this order; nullopt without any.
Result<std::optional<Pin>> given_pin(const Env& env, const TokenUri& uri);
// Asks. `token` is the token's own label.
Result<Pin> ask_pin(const Env& env, const std::string& prompt);

}  // namespace sigstore::keys::internal
