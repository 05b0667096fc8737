// Whom to trust, prepared for many judgements: the chain of each authority and the key of each log, opened
// when it is first needed and kept. Thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "sigstore/crypto/x509/chain.h"
#include "sigstore/trust/trusted_root.h"

namespace sigstore::verify {

class TrustedParties {
 public:
  // Nothing is refused here: an authority or log that cannot be used is passed over when it is asked, with
  // the reason in the check. `more` issue certificates too, at any time (--ca-roots).
  static std::shared_ptr<const TrustedParties> from(trust::TrustedRoot root,
                                                    std::vector<crypto::x509::Authority> more = {});
  ~TrustedParties();
  TrustedParties(const TrustedParties&) = delete;
  TrustedParties& operator=(const TrustedParties&) = delete;

  [[nodiscard]] const trust::TrustedRoot& root() const;

  struct State;  // private to this room
  [[nodiscard]] const State& state() const { return *state_; }

 private:
  explicit TrustedParties(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace sigstore::verify
