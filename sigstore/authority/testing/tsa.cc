// The timestamp authority of a Sigstore in memory.
#include "sigstore/authority/tsa/tsa.h"

#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/state.h"
#include "sigstore/base/testing/fake_env.h"

namespace sigstore::authority::testing {
namespace {

using crypto::x509::Certificate;
using internal::must;

// The signer is the Sigstore's, which outlives this.
tsa::Tsa authority(const Sigstore::State& state, crypto::Signer& signer) {
  const std::shared_ptr<crypto::Signer> borrowed(&signer, [](crypto::Signer*) {});
  return must(tsa::Tsa::create(
      borrowed, {must(Certificate::parse(state.tsa_leaf)), must(Certificate::parse(state.tsa_root))}));
}

}  // namespace

Bytes Sigstore::timestamp(std::string_view message, Time at, const TimestampChanges& changes) {
  const auto tsa = authority(*state_, state_->key("tsa", state_->world.tsa_key));
  timestamp::Request request;
  request.imprint = crypto::sha256(as_bytes(message));
  request.certificates = changes.embeds_certificate;
  fakes::SeededRandom random(static_cast<std::uint64_t>(++state_->serials));
  auto token = tsa.prepare(request, at, random);
  internal::amend(changes.token, token);
  return tsa::granted(must(tsa::sign(token)));
}

}  // namespace sigstore::authority::testing
