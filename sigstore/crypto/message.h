// A message that need not be in memory, as its signatures see it: by its digests and, for pure Ed25519, by
// the challenge that each signature makes of it. What will be asked is named first, then the message passes
// once.
#pragma once

#include <memory>

#include "sigstore/crypto/key.h"

namespace sigstore::crypto {

// For one thread at a time while the message passes; after finish() for any number.
class PassingMessage {
 public:
  PassingMessage();
  // One that is elsewhere, of which a digest is known.
  static PassingMessage known_by(HashAlgorithm algorithm, Bytes digest);
  PassingMessage(PassingMessage&&) noexcept;
  PassingMessage& operator=(PassingMessage&&) noexcept;
  ~PassingMessage();

  // Before the first update(); again is nothing new.
  void expect(HashAlgorithm algorithm);
  // All that verify() needs for it.
  void expect(const PublicKey& key, Scheme scheme, BytesView signature);

  void update(BytesView piece);
  void finish();  // once

  // After finish(). nullptr when it was not expected.
  [[nodiscard]] const Bytes* digest(HashAlgorithm algorithm) const;
  // After finish(). As PublicKey::verify(); Code::not_found when it cannot be said: of a message that is
  // known by another digest, and for what was not expected.
  [[nodiscard]] Result<void> verify(const PublicKey& key, Scheme scheme, BytesView signature) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sigstore::crypto
