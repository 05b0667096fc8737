// Keys for tests, the same for the same words: of no use to anybody else.
#pragma once

#include <string_view>

#include "sigstore/crypto/key.h"

namespace sigstore::authority::testing {

// The key of that name, made of its words; but RSA keys are made anew each time, which takes a while.
crypto::PrivateKey key_named(crypto::KeyType type, std::string_view name);

}  // namespace sigstore::authority::testing
