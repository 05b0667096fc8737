#include "sigstore/sign/attestation.h"

#include <algorithm>

#include "sigstore/payload/predicate.h"
#include "sigstore/verify/judge.h"

namespace sigstore::sign {
namespace {

Result<bundle::EnvelopeContent> envelope_of(std::string statement) {
  return bundle::EnvelopeContent{std::string(payload::in_toto_payload_type), std::move(statement)};
}

bool say_the_same(const bundle::Bundle& stored, const bundle::EnvelopeContent& content,
                  const oci::Digest& subject) {
  const auto* envelope = std::get_if<bundle::EnvelopeContent>(&stored.content);
  return envelope != nullptr && (envelope->payload == content.payload ||
                                 payload::say_the_same(envelope->payload, content.payload, subject));
}

}  // namespace

Result<Attestation> Attestation::whole(std::string statement) {
  TRY(auto parsed, payload::Statement::parse(statement));
  Attestation out;
  out.type = std::move(parsed.predicate_type);
  out.statement = std::move(statement);
  return out;
}

Result<bundle::EnvelopeContent> content_for(const Attestation& attestation, const std::string& name,
                                            const oci::Digest& subject) {
  if (!attestation.statement)
    return envelope_of(
        payload::write_statement({name, {{std::string(subject.algorithm()), std::string(subject.hex())}}, {}},
                                 attestation.type, attestation.predicate));
  TRY(const auto statement, payload::Statement::parse(*attestation.statement));
  if (statement.subject_for(subject) == nullptr)
    return fail(Code::mismatch, "the statement is about something else",
                "none of its subjects has the digest " + subject.text());
  return envelope_of(*attestation.statement);
}

SaidBefore said_before(const store::Listing& listing, store::Format format, const crypto::PublicKey& key,
                       const bundle::EnvelopeContent& content, const std::string& type,
                       const oci::Digest& subject) {
  const verify::TrustedMaterial material{{{key, "the signing key"}}};
  verify::Requirements requirements;
  requirements.subject = subject;
  requirements.wanted = verify::Wanted::attestation;
  requirements.predicate_types = {type};
  requirements.log_entries = 0;
  SaidBefore out;
  const std::size_t looked_at = std::min(listing.entries.size(), limits::resign_candidates);
  for (auto entry = listing.entries.rbegin();
       entry != listing.entries.rbegin() + static_cast<std::ptrdiff_t>(looked_at); ++entry) {
    if (!entry->bundle || entry->format != format) continue;
    const bool own = verify::judge(*entry->bundle, material, requirements).accepted();
    (own ? out.own : out.rest).push_back(&*entry);
    if (own && out.equal == nullptr && say_the_same(*entry->bundle, content, subject)) out.equal = &*entry;
  }
  return out;
}

}  // namespace sigstore::sign
