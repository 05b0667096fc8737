#include "sigstore/verify/claims.h"

#include <algorithm>

#include "sigstore/payload/simple_signing.h"
#include "sigstore/verify/checks.h"

namespace sigstore::verify {
namespace {

bool is_simple(const bundle::Bundle& bundle) {
  return std::holds_alternative<bundle::SimpleSigningContent>(bundle.content);
}

// A payload may be anything when its claims are not asked for (`sign --payload`); a statement never.
bool claims_matter(const bundle::Bundle& bundle, const Requirements& requirements) {
  return requirements.check_claims || requirements.wanted == Wanted::attestation || !is_simple(bundle);
}

// What an attestation may be about is up to the caller; a statement that is a signature always says of what.
bool subject_matters(const bundle::Bundle& bundle, const Requirements& requirements) {
  return requirements.check_claims || (requirements.wanted == Wanted::signature && !is_simple(bundle));
}

Check judge_payload_type(const Reading& reading) {
  const std::string wanted(payload::simple_signing_type);
  if (reading.error) return failed("type", clause_policy, wanted, {}, reading.error->text());
  if (reading.claims.type == wanted) return passed("type", clause_policy, wanted);
  return failed("type", clause_policy, wanted, reading.claims.type, "it is of another type");
}

const bundle::MessageContent* message_of(const bundle::Bundle& bundle) {
  return std::get_if<bundle::MessageContent>(&bundle.content);
}

Check judge_message_type(const bundle::Bundle& bundle, const Reading& reading) {
  const std::string wanted = "the signature of a file";
  if (message_of(bundle) != nullptr) return passed("type", clause_policy, wanted);
  return failed("type", clause_policy, wanted, reading.claims.type,
                "it signs no file, but says something of one");
}

Check judge_type(const bundle::Bundle& bundle, const Reading& reading, const Requirements& requirements) {
  if (requirements.wanted == Wanted::message) return judge_message_type(bundle, reading);
  if (!claims_matter(bundle, requirements))
    return skipped("type", clause_policy, "claims are not checked, as asked");
  const bool attestation = requirements.wanted == Wanted::attestation;
  if (attestation && is_simple(bundle))
    return failed("type", clause_policy, "an attestation", "a signature", "it is a signature");
  if (is_simple(bundle)) return judge_payload_type(reading);
  if (reading.error) return failed("type", clause_policy, {}, reading.claims.type, reading.error->text());
  const auto& types = requirements.predicate_types;
  if (attestation && types.empty() && reading.claims.type == payload::cosign_sign_predicate)
    return failed("type", clause_policy, "an attestation", reading.claims.type, "it is a signature");
  if (types.empty() || std::ranges::find(types, reading.claims.type) != types.end())
    return passed("type", clause_policy, reading.claims.type);
  return failed("type", clause_policy, types.front(), reading.claims.type, "it is of another type");
}

Check judge_subject(const bundle::Bundle& bundle, const Reading& reading, const Requirements& requirements) {
  if (!subject_matters(bundle, requirements))
    return skipped("subject", clause_policy, "claims are not checked, as asked");
  const std::string found = reading.claims.digest ? reading.claims.digest->text() : "";
  if (reading.names_subject) return passed("subject", clause_policy, requirements.subject.text());
  return failed("subject", clause_policy, requirements.subject.text(), found,
                requirements.wanted == Wanted::attestation ? "it is about something else"
                                                           : "it was made for another image");
}

// The signature is over the file itself; a digest that stands beside it must not name another one.
Check judge_message_digest(const bundle::MessageContent& content, const crypto::PassingMessage* file) {
  if (content.digest.empty())
    return skipped("subject", clause_policy, "no digest is claimed beside the signature");
  const std::string claimed = digest_text(content.algorithm, content.digest);
  const Bytes* own = file == nullptr ? nullptr : file->digest(content.algorithm);
  if (own == nullptr)
    return failed("subject", clause_policy, {}, claimed, "that digest of the file is not known");
  if (*own == content.digest) return passed("subject", clause_policy, claimed);
  return failed("subject", clause_policy, digest_text(content.algorithm, *own), claimed,
                "it names another file");
}

std::string listed(const oci::Annotations& annotations) {
  std::string text;
  for (const auto& [key, value] : annotations) text += (text.empty() ? "" : ", ") + key + "=" + value;
  return text;
}

Check judge_annotations(const Reading& reading, const Requirements& requirements) {
  if (requirements.annotations.empty()) return skipped("annotations", clause_policy, "none are required");
  for (const auto& [key, value] : requirements.annotations) {
    const auto found = reading.annotations.find(key);
    if (found == reading.annotations.end())
      return failed("annotations", clause_policy, value, {}, "missing or incorrect annotation " + key);
    if (found->second != value)
      return failed("annotations", clause_policy, value, found->second,
                    "missing or incorrect annotation " + key);
  }
  return passed("annotations", clause_policy, listed(requirements.annotations));
}

}  // namespace

std::vector<Check> judge_claims(const bundle::Bundle& bundle, const Reading& reading,
                                const Requirements& requirements, const crypto::PassingMessage* file,
                                bool proven) {
  const bundle::MessageContent* message =
      requirements.wanted == Wanted::message ? message_of(bundle) : nullptr;
  std::vector<Check> checks{judge_type(bundle, reading, requirements)};
  const bool unreadable = reading.error && claims_matter(bundle, requirements) && message == nullptr;
  if (!proven || unreadable) {
    const char* why = unreadable ? "the claims cannot be read" : "the claims are not proven";
    checks.push_back(skipped("subject", clause_policy, why));
    checks.push_back(skipped("annotations", clause_policy, why));
    return checks;
  }
  checks.push_back(message != nullptr ? judge_message_digest(*message, file)
                                      : judge_subject(bundle, reading, requirements));
  checks.push_back(judge_annotations(reading, requirements));
  return checks;
}

}  // namespace sigstore::verify
