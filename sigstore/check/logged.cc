#include "sigstore/check/logged.h"

#include <algorithm>

namespace sigstore::check {
namespace {

// Who signed it, as far as a log wants to know; nullopt: nobody whose entry would help.
std::optional<tlog::LoggedSignature> signer_of(const bundle::Bundle& bundle, const Options& options,
                                               const verify::Requirements& requirements, const Judge& judge) {
  const auto& material = options.material;
  tlog::LoggedSignature signer;
  if (material.keys.empty()) {
    if (!bundle.key.certificates.empty())
      signer.certificate = bundle.key.certificates.front();
    else if (material.certificate)
      signer.certificate = material.certificate->der();
    if (signer.certificate.empty()) return std::nullopt;
    return signer;
  }
  auto without = requirements;
  without.log_entries = 0;
  const auto verdict = judge(bundle, without);
  if (!verdict.accepted() || !verdict.key_fingerprint) return std::nullopt;
  const auto at = std::ranges::find_if(material.keys, [&](const verify::TrustedKey& trusted) {
    return trusted.key.fingerprint() == *verdict.key_fingerprint;
  });
  if (at == material.keys.end()) return std::nullopt;
  signer.key = at->key.spki();
  return signer;
}

void explain(verify::Verdict& verdict, const Error& error) {
  const auto log = std::ranges::find_if(verdict.checks, [](const verify::Check& check) {
    return check.id == "log" && check.status == verify::Status::failed;
  });
  if (log == verdict.checks.end()) return;
  log->detail = error.text();
  log->code = error.code;
}

}  // namespace

verify::Verdict judge_logged(store::Stored& stored, const Options& options,
                             const verify::Requirements& requirements, BytesView file_sha256,
                             const Judge& judge) {
  bundle::Bundle& bundle = *stored.bundle;
  const bool lacks = stored.format != store::Format::bundle && bundle.evidence.tlog_entries.empty();
  if (!options.look_up || requirements.log_entries == 0 || !lacks) return judge(bundle, requirements);
  const auto signer = signer_of(bundle, options, requirements, judge);
  if (!signer) return judge(bundle, requirements);
  auto entry = options.look_up(bundle, *signer, file_sha256);
  if (entry) bundle.evidence.tlog_entries.push_back(std::move(*entry));
  auto verdict = judge(bundle, requirements);
  if (!entry) explain(verdict, entry.error());
  return verdict;
}

}  // namespace sigstore::check
