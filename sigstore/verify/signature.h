// Whether the signature is by one of these keys. Private to this room.
#pragma once

#include <vector>

#include "sigstore/verify/checks.h"
#include "sigstore/verify/signed_message.h"

namespace sigstore::verify {

// The check "signature", and what it found.
struct SignatureFound {
  Check check;
  const TrustedKey* signer = nullptr;  // of `keys`
  crypto::Scheme scheme{};             // when there is a signer
};

// Tries every key with every scheme it may have signed with. `message` is nullptr when it is not here. Of
// what the bundle claims only the digest of a file plays a part, which must be the file's own.
SignatureFound judge_signature(const Bytes& signature, SignedMessage* message,
                               const std::vector<TrustedKey>& keys, bool by_certificate);

}  // namespace sigstore::verify
