// The two files of a new key pair, from the question whether they may be replaced to the lines that say where
// they are.
#pragma once

#include <string>

#include "cosign/session/session.h"
#include "sigstore/crypto/key.h"
#include "sigstore/keys/file/key_pair_files.h"

namespace cosign {

class NewKeyPair {
 public:
  // PREFIX.key and PREFIX.pub; `session` outlives it.
  NewKeyPair(Session& session, const std::string& prefix);

  // Whether they can be written; asks before one that is there is replaced, unless `yes` answers that.
  // Before any password, so that a piped one does not become the answer. Code::declined.
  sigstore::Result<void> prepare(bool yes);
  // Seals `key` with the new password, writes both and says so. After an error both names lead to what they
  // led to before.
  sigstore::Result<void> write(const sigstore::crypto::PrivateKey& key, const sigstore::Secret& password);

 private:
  Session& session_;
  std::string prefix_;
  sigstore::keys::KeyPairFiles files_;
  bool overwrite_ = false;
};

}  // namespace cosign
