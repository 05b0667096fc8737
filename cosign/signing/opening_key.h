// A key that is opened while the files are read: both take their time.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>

#include "cosign/keysets/key_set_flags.h"
#include "cosign/session/session.h"
#include "sigstore/crypto/key.h"

namespace cosign {

// Thread-safe.
class OpeningKey {
 public:
  // Begins. A key that cannot be opened, or that `set` does not let sign files, ends all that looks at
  // session.may_go_on().
  OpeningKey(Session& session, std::string reference, std::optional<SigningSet> set);
  // Whether get() returns at once.
  [[nodiscard]] bool known() const;
  [[nodiscard]] const sigstore::Result<std::unique_ptr<sigstore::crypto::Signer>>& get() const {
    return opened_.get();
  }

 private:
  std::shared_future<sigstore::Result<std::unique_ptr<sigstore::crypto::Signer>>> opened_;
};

}  // namespace cosign
