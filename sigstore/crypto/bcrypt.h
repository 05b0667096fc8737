// Passwords as htpasswd files keep them (bcrypt), and comparison that takes the same time whatever differs.
#pragma once

#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/secret.h"

namespace sigstore::crypto {

// A whole bcrypt hash ("$2a$", "$2b$" or "$2y$", two digits of cost, 22 + 31 characters) whose cost is at
// most 2^16, which takes a few seconds.
bool is_bcrypt(std::string_view hash);

// Takes as long as the cost says (about 50 ms at 10). False for a hash that is not bcrypt, and for a password
// that holds a zero byte. Only the first 72 bytes of a password count, as everywhere. Thread-safe.
bool bcrypt_matches(const Secret& password, std::string_view hash);

// False at once when the sizes differ.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace sigstore::crypto
