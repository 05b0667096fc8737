#include "cosign/signing/opening_key.h"

#include "sigstore/keys/provider.h"

namespace cosign {
namespace {

using SignerResult = sigstore::Result<std::unique_ptr<sigstore::crypto::Signer>>;

SignerResult open(Session& session, const std::string& reference, const std::optional<SigningSet>& set) {
  TRY(auto signer, sigstore::keys::open_signer(session.keys(), reference));
  if (set) TRY_OK(set->may_sign(signer->public_key(), nullptr));
  return signer;
}

}  // namespace

OpeningKey::OpeningKey(Session& session, std::string reference, std::optional<SigningSet> set)
    : opened_(
          std::async(std::launch::async, [&session, reference = std::move(reference), set = std::move(set)] {
            auto signer = open(session, reference, set);
            if (!signer) session.give_up();
            return signer;
          })) {}

bool OpeningKey::known() const {
  return opened_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace cosign
