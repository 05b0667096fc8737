// Sigstore::sign(): the steps of a signature, each with its place to go wrong.
#include "sigstore/authority/ct/certificate_log.h"
#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/state.h"
#include "sigstore/codec/hex.h"
#include "sigstore/payload/predicate.h"
#include "sigstore/payload/simple_signing.h"

namespace sigstore::authority::testing {
namespace {

using crypto::HashAlgorithm;
using crypto::KeyType;
using crypto::Scheme;
using internal::amend;
using internal::must;

// As the algorithm registry has it; Ed25519 prehashed, as logs need it.
Scheme signing_scheme(const crypto::PublicKey& key) {
  return key.type() == KeyType::ed25519 ? Scheme::ed25519ph : key.schemes().front();
}

// One signature in the making.
class Signing {
 public:
  Signing(Sigstore& sigstore, Sigstore::State& state, const Recipe& recipe)
      : sigstore_(sigstore), state_(state), recipe_(recipe), key_(state.key("signer", recipe.key)) {}

  Signed run() {
    Signed made;
    made.artifact = recipe_.artifact;
    made.key = key_.public_key();
    make_content();
    if (recipe_.keyless) made.certificate = certify();
    sign();
    if (recipe_.keyless) bundle_.key.certificates = {made.certificate};
    if (!recipe_.keyless) bundle_.key.hint = key_.public_key().hint();
    if (recipe_.log) bundle_.evidence.tlog_entries = {list(made.certificate)};
    if (recipe_.timestamped) bundle_.evidence.timestamps = {timestamp()};
    amend(recipe_.bundle, bundle_);
    made.bundle = std::move(bundle_);
    return made;
  }

 private:
  [[nodiscard]] Time at(const std::optional<Time>& time) const { return time.value_or(state_.world.now); }

  void make_content();
  Bytes certify();
  std::vector<crypto::x509::Sct> promise(const ca::CertificateTemplate& leaf, const ca::Issuer& issuer);
  void sign();
  tlog::Entry list(const Bytes& certificate);
  log::Leaf leaf(const Bytes& certificate, log::Shape shape);
  Bytes timestamp();

  Sigstore& sigstore_;
  Sigstore::State& state_;
  const Recipe& recipe_;
  crypto::PrivateKey& key_;
  bundle::Bundle bundle_;
  std::string payload_;  // of an envelope
  std::string message_;  // what is signed
};

void Signing::make_content() {
  const HashAlgorithm algorithm = crypto::digest_of(signing_scheme(key_.public_key()));
  const oci::Digest digest = oci::Digest::sha256(recipe_.artifact);
  switch (recipe_.form) {
    case Form::message:
      message_ = recipe_.artifact;
      bundle_.content = bundle::MessageContent{algorithm, crypto::hash(algorithm, as_bytes(message_))};
      return;
    case Form::envelope:
      payload_ = payload::write_statement({"artifact", {{"sha256", std::string(digest.hex())}}, {}},
                                          recipe_.predicate_type, "{\"a\":1}");
      bundle_.content = bundle::EnvelopeContent{std::string(payload::in_toto_payload_type), payload_};
      message_ = payload::pre_authentication_encoding(payload::in_toto_payload_type, payload_);
      return;
    case Form::simple_signing:
      message_ = payload::write_simple_signing("registry.test/team/app", digest, {});
      bundle_.content = bundle::SimpleSigningContent{message_};
      return;
  }
}

std::vector<crypto::x509::Sct> Signing::promise(const ca::CertificateTemplate& leaf,
                                                const ca::Issuer& issuer) {
  auto seen = leaf;
  if (recipe_.promised_for_another) seen.serial.back() ^= 1;
  const Bytes tbs = must(ca::encode_tbs(seen, issuer));
  std::vector<crypto::x509::Sct> scts;
  for (Sigstore* const by : recipe_.promised_by) {
    auto& log = (by == nullptr ? sigstore_ : *by).certificate_log();
    scts.push_back(must(
        ct::promise_precertificate(log, tbs, issuer.signer->public_key().spki(), at(recipe_.promised_at))));
  }
  amend(recipe_.scts, scts);
  return scts;
}

Bytes Signing::certify() {
  const auto issuer = (recipe_.certified_by == nullptr ? sigstore_ : *recipe_.certified_by).issuer();
  const Time from = at(recipe_.certified_at);
  auto leaf = ca::code_signing(state_.holder(key_, {from, from + recipe_.certificate_lives}),
                               recipe_.identity, issuer);
  amend(recipe_.leaf, leaf);
  if (recipe_.promised) leaf.extensions.push_back(ca::sct_list(promise(leaf, issuer)));
  Bytes certificate = must(ca::issue(leaf, issuer));
  amend(recipe_.certificate, certificate);
  return certificate;
}

void Signing::sign() {
  auto& key = recipe_.sign_with_another_key ? state_.key("another signer", recipe_.key) : key_;
  bundle_.signature =
      must(key.sign(signing_scheme(key_.public_key()), as_bytes(recipe_.sign_instead.value_or(message_))));
  amend(recipe_.signature, bundle_.signature);
}

log::Leaf Signing::leaf(const Bytes& certificate, log::Shape shape) {
  const auto digest = [](HashAlgorithm algorithm, std::string_view bytes) {
    return tlog::LoggedDigest{algorithm, crypto::hash(algorithm, as_bytes(bytes))};
  };
  Logged logged;
  logged.artifact = digest(crypto::digest_of(signing_scheme(key_.public_key())), message_);
  logged.payload = digest(HashAlgorithm::sha256, payload_);
  logged.envelope = digest(HashAlgorithm::sha256, payload::write_envelope(payload::in_toto_payload_type,
                                                                          payload_, bundle_.signature));
  logged.signature = {bundle_.signature, certificate,
                      certificate.empty() ? key_.public_key().spki() : Bytes{}};
  logged.key_details =
      recipe_.key == KeyType::ed25519 ? "PKIX_ED25519_PH" : must(trust::key_details_of(key_.public_key()));
  amend(recipe_.logging, logged);
  if (shape == log::Shape::rekor_v2)
    return {"hashedrekord", "0.0.2",
            tlog::write_hashedrekord_v002(logged.artifact, logged.signature, logged.key_details)};
  if (recipe_.form == Form::envelope)
    return {"dsse", "0.0.1", tlog::write_dsse_v001(logged.envelope, logged.payload, {logged.signature})};
  return {"hashedrekord", "0.0.1", tlog::write_hashedrekord_v001(logged.artifact, logged.signature)};
}

tlog::Entry Signing::list(const Bytes& certificate) {
  auto& log = (recipe_.logged_by == nullptr ? sigstore_ : *recipe_.logged_by).rekor(*recipe_.log);
  auto listed = leaf(certificate, *recipe_.log);
  amend(recipe_.body, listed.body);
  const auto index = log.size();
  must(log.append(listed, at(recipe_.integrated_at)));
  state_.grow(log, recipe_.later_entries);
  auto entry = must(log.entry(index, log.size()));
  if (recipe_.form == Form::simple_signing) {  // as an old Rekor bundle
    entry.proof.reset();
    entry.kind.clear();
    entry.version.clear();
  }
  amend(recipe_.entry, entry);
  return entry;
}

Bytes Signing::timestamp() {
  auto& by = recipe_.timestamped_by == nullptr ? sigstore_ : *recipe_.timestamped_by;
  Bytes token = by.timestamp(recipe_.timestamp_instead.value_or(to_text(bundle_.signature)),
                             at(recipe_.timestamped_at), recipe_.timestamping);
  amend(recipe_.timestamp, token);
  return token;
}

}  // namespace

Signed Sigstore::sign(const Recipe& recipe) {
  return Signing(*this, *state_, recipe).run();
}

}  // namespace sigstore::authority::testing
