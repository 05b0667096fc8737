#include "sigstore/verify/parties.h"

#include <algorithm>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/verify/parties_state.h"

namespace sigstore::verify {
namespace {

std::string name_of(const trust::CertificateAuthority& authority) {
  std::string name = !authority.uri.empty() ? authority.uri : authority.common_name;
  if (name.empty() && !authority.chain.empty()) return authority.chain.front().subject_text();
  return codec::printable(name);
}

// The first certificate of a chain is the authority's own, unless it issues others.
Result<timestamp::TimestampAuthority> prepare(std::vector<crypto::x509::Certificate> chain) {
  timestamp::TimestampAuthority made;
  if (!chain.empty() && !chain.front().is_ca()) {
    made.leaf = chain.front();
    if (chain.size() > 1) chain.erase(chain.begin());
  }
  TRY(made.authority, crypto::x509::Authority::from_chain(std::move(chain)));
  return made;
}

bool same(BytesView a, BytesView b) {
  return std::ranges::equal(a, b);
}

}  // namespace

std::string LogParty::name() const {
  return !log_.base_url.empty() ? codec::printable(log_.base_url) : codec::hex::encode(log_.log_id);
}

Result<crypto::x509::Authority> CaParty::authority() const {
  if (ca_ == nullptr) return *given_;
  return made_.get([this] { return crypto::x509::Authority::from_chain(ca_->chain); });
}

std::string CaParty::name() const {
  return ca_ == nullptr ? "the given roots" : name_of(*ca_);
}

const Result<timestamp::TimestampAuthority>& TsaParty::authority() const {
  return made_.get([this] { return prepare(tsa_.chain); });
}

bool TsaParty::may_have_issued(const timestamp::Token& token) const {
  const BytesView issuer = token.signer_issuer();
  if (issuer.empty()) return true;
  return std::ranges::any_of(tsa_.chain, [&](const crypto::x509::Certificate& own) {
    return same(issuer, own.subject_name()) || same(issuer, own.issuer_name());
  });
}

std::string TsaParty::name() const {
  return name_of(tsa_);
}

TrustedParties::TrustedParties(std::unique_ptr<const State> state) : state_(std::move(state)) {}
TrustedParties::~TrustedParties() = default;

std::shared_ptr<const TrustedParties> TrustedParties::from(trust::TrustedRoot root,
                                                           std::vector<crypto::x509::Authority> more) {
  auto state = std::make_unique<State>();
  state->root = std::move(root);
  for (const trust::Log& log : state->root.tlogs) state->tlogs.emplace_back(log);
  for (const trust::Log& log : state->root.ctlogs) state->ctlogs.emplace_back(log);
  for (const auto& ca : state->root.certificate_authorities) state->cas.emplace_back(ca);
  for (crypto::x509::Authority& ca : more) state->cas.emplace_back(std::move(ca));
  for (const auto& tsa : state->root.timestamp_authorities) state->tsas.emplace_back(tsa);
  return std::shared_ptr<const TrustedParties>(new TrustedParties(std::move(state)));
}

const trust::TrustedRoot& TrustedParties::root() const {
  return state_->root;
}

std::string shown(const trust::TimeRange& range) {
  using codec::rfc3339::seconds;
  if (range.start && range.end) return seconds(*range.start) + " to " + seconds(*range.end);
  if (range.start) return "from " + seconds(*range.start) + " on";
  if (range.end) return "until " + seconds(*range.end);
  return "at any time";
}

}  // namespace sigstore::verify
