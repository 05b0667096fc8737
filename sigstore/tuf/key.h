// Who may sign for a role, and whether enough of them did.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/crypto/key.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::tuf {

// Code::unsupported for a type or scheme that nobody here knows, malformed for a value that is no such key.
Result<crypto::PublicKey> open_key(const Key& key);
// A key as metadata has it, and its id as securesystemslib names it: SHA-256 of its canonical JSON.
// Code::unsupported for those without a TUF scheme.
Result<Key> describe_key(const crypto::PublicKey& key);
std::string key_id(const Key& key);
// How a key of this type and scheme signs. Code::unsupported.
Result<crypto::Scheme> scheme_of(const Key& key);
// A signature of `signer`, under the id that describe_key() and key_id() give its key.
Result<Signature> sign(crypto::Signer& signer, std::string_view to_sign);

// Ok when `role`'s threshold of distinct keys has signed `signed_bytes` (specification, 5.3.4 and the like).
// A key counts once whatever ids it has, and its signature stands under the id that `role` names; signatures
// of others, of keys that cannot be used, and wrong ones count as none. Code::bad_signature says how many of
// how many. `what` names the document.
Result<void> verify_threshold(const Role& role, const Keys& keys, std::string_view signed_bytes,
                              const std::vector<Signature>& signatures, std::string_view what);

}  // namespace sigstore::tuf
