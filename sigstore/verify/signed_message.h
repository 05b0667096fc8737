// What a signature is checked over: bytes of the bundle, or a file that was read. Private to this room.
#pragma once

#include <memory>
#include <vector>

#include "sigstore/bundle/bundle.h"
#include "sigstore/crypto/message.h"

namespace sigstore::verify {

class SignedMessage {
 public:
  virtual ~SignedMessage() = default;
  [[nodiscard]] virtual std::vector<crypto::Scheme> schemes(const crypto::PublicKey& key) const {
    return key.schemes();
  }
  // As PublicKey::verify(); Code::not_found when it cannot be said.
  virtual Result<void> verify(const crypto::PublicKey& key, crypto::Scheme scheme,
                              const Bytes& signature) = 0;
  // nullptr for a file that is not known by it.
  virtual const Bytes* digest(crypto::HashAlgorithm algorithm) = 0;
};

// nullptr for a file that is not here. All arguments outlive it.
std::unique_ptr<SignedMessage> signed_message(const bundle::Content& content,
                                              const crypto::PassingMessage* message);

// The schemes that a file may be signed with. Who names a digest has signed that digest; only pure Ed25519
// signs none.
std::vector<crypto::Scheme> schemes_over(const bundle::MessageContent& content, const crypto::PublicKey& key);

}  // namespace sigstore::verify
