#include "cosign/signing/opening_key.h"

#include "sigstore/keys/provider.h"

namespace cosign {

OpeningKey::OpeningKey(Session& session, std::string reference)
    : opened_(std::async(std::launch::async, [&session, reference = std::move(reference)] {
        auto signer = sigstore::keys::open_signer(session.keys(), reference);
        if (!signer) session.give_up();
        return signer;
      })) {}

bool OpeningKey::known() const {
  return opened_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace cosign
