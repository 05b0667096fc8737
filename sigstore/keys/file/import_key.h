// Private keys of other programs, taken over from their files.
#pragma once

#include <string>

#include "sigstore/base/env.h"
#include "sigstore/crypto/foreign_key.h"

namespace sigstore::keys {

// The key in the file `path`, its form only. Errors of ForeignKey::parse(), and of reading a file.
Result<crypto::ForeignKey> read_foreign_key(const Env& env, const std::string& path);

// Opens it. The password of an encrypted one: COSIGN_IMPORT_PASSWORD (set but empty counts), a pipe, or the
// terminal; COSIGN_PASSWORD is that of the key file which is made of it.
Result<crypto::PrivateKey> unlock_foreign_key(const Env& env, const crypto::ForeignKey& key,
                                              const std::string& path);

}  // namespace sigstore::keys
