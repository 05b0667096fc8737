#include "sigstore/verify/judge.h"

#include <algorithm>

#include "sigstore/verify/claims.h"
#include "sigstore/verify/evidence.h"
#include "sigstore/verify/signature.h"

namespace sigstore::verify {
namespace {

// The walk. What is found out in the order in which it depends on each other is reported in the order of the
// specification.
class Judgement {
 public:
  Judgement(const bundle::Bundle& bundle, const TrustedMaterial& material, const Requirements& requirements,
            const crypto::PassingMessage* file)
      : message_(signed_message(bundle.content, file)),
        case_{bundle, material, requirements, message_.get(), {}, {}},
        file_(file) {}

  Verdict take() {
    const Reading reading = read_claims(case_.bundle.content, case_.requirements);
    verdict_.claims = reading.claims;
    if (case_.material.keys.empty())
      by_certificate();
    else
      by_key();
    const bool proven = verdict_.key_fingerprint.has_value();
    for (Check& check : judge_claims(case_.bundle, reading, case_.requirements, file_, proven))
      report(std::move(check));
    return std::move(verdict_);
  }

 private:
  void by_key() {
    report(passed("material", clause_material));
    const auto signature =
        judge_signature(case_.bundle.signature, message_.get(), case_.material.keys, false);
    std::vector<const TrustedKey*> signers;
    for (const TrustedKey& trusted : case_.material.keys)
      if (signature.signer == nullptr || signature.signer == &trusted) signers.push_back(&trusted);
    const SignedTimes stamped = judge_timestamps(case_);
    const Logged logged = judge_log(case_, signers, stamped.times);
    report_time(stamped, logged);
    report(logged.check);
    report_signature(signature);
    if (signature.signer != nullptr && signature.signer->listed)
      report(judge_listed(*signature.signer->listed));
  }

  void by_certificate() {
    verdict_.by_certificate = true;
    report(find_certificate(case_));
    if (verdict_.first_failure() != nullptr) return without_certificate();
    const SignedTimes stamped = judge_timestamps(case_);
    const Logged logged = judge_log(case_, {}, stamped.times);
    const std::vector<Time> times = report_time(stamped, logged);
    const auto path = report_certificate(times);
    report(path.empty() ? skipped("sct", clause_certificate, not_proven) : judge_scts(case_, path));
    report(logged.check);
    report_signature_by(*case_.leaf);
    const auto identity = identity_of(*case_.leaf);
    if (!path.empty() && identity) verdict_.identity = *identity;
    report(path.empty() ? skipped("identity", clause_policy, not_proven)
                        : judge_identity(identity, case_.requirements));
  }

  // Nothing to judge by: what the log says is reported all the same where it says nothing.
  void without_certificate() {
    report(skipped("signature", clause_signature, "there is nothing to verify it with"));
  }

  std::vector<Time> report_time(const SignedTimes& stamped, const Logged& logged) {
    verdict_.times = stamped.times;
    verdict_.times.insert(verdict_.times.end(), logged.times.begin(), logged.times.end());
    if (auto check = judge_time(case_, stamped, logged)) report(std::move(*check));
    if (verdict_.times.empty() && case_.requirements.current_time) return {case_.material.at};
    return verdict_.times;
  }

  std::vector<crypto::x509::Certificate> report_certificate(const std::vector<Time>& times) {
    if (times.empty()) {
      report(skipped("certificate", clause_certificate, "there is no time to judge it at"));
      return {};
    }
    Chained chained = judge_certificate(case_, times, !verdict_.times.empty());
    report(std::move(chained.check));
    if (!chained.path.empty()) verdict_.certificate = *case_.leaf;
    return std::move(chained.path);
  }

  void report_signature_by(const crypto::x509::Certificate& leaf) {
    const auto key = leaf.public_key();
    if (!key) {
      report(failed("signature", clause_signature, {}, {},
                    "the certificate's key cannot be used: " + key.error().text()));
      verdict_.checks.back().code = key.error().code;
      return;
    }
    report_signature(judge_signature(case_.bundle.signature, message_.get(), {{*key, {}}}, true), &*key);
  }

  void report_signature(const SignatureFound& signature, const crypto::PublicKey* key = nullptr) {
    report(signature.check);
    if (signature.check.status != Status::passed) return;
    verdict_.key_fingerprint = key != nullptr ? key->fingerprint() : signature.signer->key.fingerprint();
    verdict_.key_name = key != nullptr ? "" : signature.signer->name;
    verdict_.scheme = signature.scheme;
  }

  // The key of a key set that made the signature may be one that no longer verifies, or not this.
  [[nodiscard]] Check judge_listed(const keyset::Key& key) const {
    const auto& repository = case_.requirements.repository;
    if (const auto why =
            keyset::refusal(key, keyset::Use::verify, case_.material.at, repository ? &*repository : nullptr))
      return failed("key", clause_policy, {}, {}, *why);
    return passed("key", clause_policy, std::string(keyset::name(key.state)));
  }

  void report(Check check) { verdict_.checks.push_back(std::move(check)); }

  static constexpr const char* not_proven = "the certificate is not proven";

  std::unique_ptr<SignedMessage> message_;
  Case case_;
  const crypto::PassingMessage* file_;
  Verdict verdict_;
};

}  // namespace

std::string Verdict::signer() const {
  if (!by_certificate) return key_fingerprint.value_or("");
  if (!identity) return "";
  std::string text;
  for (const crypto::x509::GeneralName& name : identity->subjects)
    text += (text.empty() ? "" : ", ") + name.value;
  return text + " (" + identity->issuer + ")";
}

bool Verdict::accepted() const {
  const bool proven = std::ranges::any_of(
      checks, [](const Check& c) { return c.id == "signature" && c.status == Status::passed; });
  return proven && first_failure() == nullptr;
}

const Check* Verdict::first_failure() const {
  const auto found = std::ranges::find(checks, Status::failed, &Check::status);
  return found == checks.end() ? nullptr : &*found;
}

Verdict judge(const bundle::Bundle& bundle, const TrustedMaterial& material, const Requirements& requirements,
              const crypto::PassingMessage* message) {
  return Judgement(bundle, material, requirements, message).take();
}

}  // namespace sigstore::verify
