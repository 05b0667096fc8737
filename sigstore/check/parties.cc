#include "sigstore/check/parties.h"

#include <algorithm>

namespace sigstore::check {
namespace {

bool is_of_another_kind(const verify::Verdict& verdict) {
  return std::ranges::any_of(verdict.checks, [](const verify::Check& check) {
    return check.id == "type" && check.status == verify::Status::failed;
  });
}

// Of a signature by one of the trusted keys, which evidence has to prove besides.
bool key_needs_parties(const bundle::Bundle& bundle, const Options& options,
                       const verify::Requirements& requirements, const JudgeWith& judge) {
  if (requirements.log_entries == 0 && requirements.signed_times == 0) return false;
  if (requirements.log_entries > 0 && !verify::has_log_evidence(bundle.evidence)) return false;
  if (requirements.signed_times > 0 && bundle.evidence.timestamps.empty()) return false;
  auto bare = requirements;
  bare.log_entries = bare.signed_times = 0;
  return judge(bundle, options.material, bare).accepted();
}

bool certificate_needs_parties(const bundle::Bundle& bundle, const Options& options,
                               const verify::Requirements& requirements, const JudgeWith& judge) {
  if (bundle.key.certificates.empty() && !options.material.certificate) return false;
  return !is_of_another_kind(judge(bundle, options.material, requirements));
}

}  // namespace

verify::Verdict judge_trusting(const bundle::Bundle& bundle, const Options& options,
                               const verify::Requirements& requirements, const JudgeWith& judge,
                               std::optional<Error>& failed) {
  const auto needs = options.material.keys.empty() ? certificate_needs_parties : key_needs_parties;
  if (!options.obtain || !needs(bundle, options, requirements, judge))
    return judge(bundle, options.material, requirements);
  auto parties = options.obtain();
  if (!parties) {
    failed = std::move(parties.error());
    return judge(bundle, options.material, requirements);
  }
  verify::TrustedMaterial material = options.material;
  material.parties = std::move(*parties);
  return judge(bundle, material, requirements);
}

}  // namespace sigstore::check
