// What the helper refused, as a sentence about the token and the key that were meant.
#pragma once

#include "sigstore/keys/pkcs11/internal/helper.h"

namespace sigstore::keys::internal {

std::string token_text(const TokenUri& uri);  // slot 7, token "T"
std::string key_text(const TokenUri& uri);    // key "L", key with id 01

// `pin_from`: where the PIN was taken from; "" when it was typed or there was none.
Error explain(const Refusal& refusal, const TokenUri& uri, const std::string& pin_from);

}  // namespace sigstore::keys::internal
