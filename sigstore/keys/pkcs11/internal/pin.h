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
// Code::invalid_argument for a file without one.
Result<std::optional<Pin>> given_pin(const Env& env, const TokenUri& uri);
// Asks. Code::declined when there is nobody, or nothing is typed: a token may count an empty PIN as a wrong
// one.
Result<Pin> ask_pin(const Env& env, const std::string& prompt);

}  // namespace sigstore::keys::internal
