#include "server/registry/page/signers.h"

#include <algorithm>

#include "sigstore/bundle/certificate.h"
#include "sigstore/codec/pem.h"
#include "sigstore/payload/statement.h"
#include "sigstore/store/referrers/referrers_store.h"
#include "sigstore/store/tag/tag_store.h"

namespace server::registry::page {

namespace bundle = sigstore::bundle;
namespace limits = sigstore::limits;
namespace oci = sigstore::oci;
namespace store = sigstore::store;
namespace verify = sigstore::verify;
using sigstore::Result;
using sigstore::check::Candidate;

namespace {

const verify::Check* signature_check(const verify::Verdict& verdict) {
  const auto found = std::ranges::find(verdict.checks, "signature", &verify::Check::id);
  return found == verdict.checks.end() ? nullptr : &*found;
}

void read_claims(Signer& signer, const bundle::Bundle& stored, const verify::Claims& claims) {
  if (!stored.key.hint.empty()) signer.claimed_key = bundle::hint_as_fingerprint(stored.key.hint);
  if (!stored.key.certificates.empty())
    if (const auto claim = bundle::read_certificate(stored.key.certificates.front())) {
      signer.claimed_identity = claim->identity;
      signer.claimed_issuer = claim->issuer;
    }
  signer.type = claims.type;
  signer.reference = claims.docker_reference;
  signer.logged = verify::has_log_evidence(stored.evidence);
  if (const auto* annotations = claims.optional.object())
    for (const auto& [key, value] : annotations->members())
      if (value.string() != nullptr) signer.annotations[key] = *value.string();
}

std::string why(const verify::Check& check) {
  return check.detail + (check.found.empty() ? "" : " (" + check.found + ")");
}

Signer signer_of(const Candidate& candidate, bool checked) {
  Signer signer;
  signer.digest = candidate.stored.digest;
  if (!candidate.stored.bundle) {
    signer.standing = Signer::Standing::unreadable;
    signer.detail = candidate.stored.bundle.error().text();
    return signer;
  }
  const verify::Verdict& verdict = candidate.verdict;
  read_claims(signer, *candidate.stored.bundle, verdict.claims);
  if (!checked) return signer;
  const auto* signature = signature_check(verdict);
  if (signature == nullptr || signature->status != verify::Status::passed) {
    signer.standing = Signer::Standing::unknown;
    return signer;
  }
  signer.key = verdict.key_fingerprint.value_or("");
  signer.key_name = verdict.key_name;
  signer.standing = verdict.accepted() ? Signer::Standing::verified : Signer::Standing::refused;
  if (const auto* failure = verdict.first_failure()) signer.detail = why(*failure);
  return signer;
}

class Reader {
 public:
  Reader(LocalRegistry& registry, const sigstore::Env& env, const oci::Repository& repository,
         const oci::Digest& subject)
      : registry_(registry), env_(env), repository_(repository), subject_(subject) {}

  void read_stores() {
    store::TagOptions tag;
    store::ReferrersOptions referrers;
    tag.max_attachment = referrers.max_attachment = limits::page_attachment_bytes;
    const auto attestations = store::make_attestation_store(registry_, env_, tag);
    const auto signatures = store::make_tag_store(registry_, env_, tag);
    const auto bundles = store::make_referrers_store(registry_, env_, referrers);
    for (store::ArtifactStore* place : {attestations.get(), signatures.get(), bundles.get()}) {
      auto listing = place->list(repository_, subject_);
      complete = complete && listing && !listing->truncated;
      failed = failed || !listing;
      if (listing) std::ranges::move(listing->entries, std::back_inserter(found));
    }
  }

  std::vector<store::Stored> found;
  bool complete = true, failed = false;

 private:
  LocalRegistry& registry_;
  const sigstore::Env& env_;
  const oci::Repository& repository_;
  const oci::Digest& subject_;
};

sigstore::check::Options options(const verify::TrustedMaterial& keys) {
  sigstore::check::Options options;
  options.material = keys;
  options.requirements.predicate_types.clear();  // attestations too
  options.requirements.log_entries = 0;
  options.all_candidates = true;
  return options;
}

}  // namespace

std::string_view name(Signer::Standing standing) {
  switch (standing) {
    case Signer::Standing::verified:
      return "verified";
    case Signer::Standing::refused:
      return "refused";
    case Signer::Standing::unknown:
      return "unknown";
    case Signer::Standing::unreadable:
      return "unreadable";
    case Signer::Standing::unchecked:
      return "unchecked";
  }
  return "unchecked";
}

SignersAnswer read_signers(LocalRegistry& registry, const sigstore::Env& env,
                           const oci::Repository& repository, const oci::Digest& subject,
                           const verify::TrustedMaterial& keys) {
  Reader reader(registry, env, repository, subject);
  reader.read_stores();
  sigstore::check::ImageResult image;
  image.typed = oci::digest_reference(repository, subject);
  image.digest = subject;
  image = sigstore::check::check_candidates(std::move(image), std::move(reader.found), options(keys));
  SignersAnswer answer{{}, reader.complete, reader.failed};
  for (const Candidate& candidate : image.candidates)
    answer.signers[candidate.stored.location].push_back(signer_of(candidate, !keys.keys.empty()));
  return answer;
}

}  // namespace server::registry::page
