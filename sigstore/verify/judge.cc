#include "sigstore/verify/judge.h"

#include <algorithm>

#include "sigstore/codec/hex.h"
#include "sigstore/payload/simple_signing.h"
#include "sigstore/verify/reading.h"
#include "sigstore/verify/signed_message.h"

namespace sigstore::verify {
namespace {

// The clauses of the Sigstore client specification that a check follows.
constexpr const char* clause_material = "client-spec 4.1 (signature verification material)";
constexpr const char* clause_log = "client-spec 4.4 (transparency log entry)";
constexpr const char* clause_signature = "client-spec 4.5 (signature)";
constexpr const char* clause_policy = "client-spec 4.6 (verification policy)";

Check passed(std::string id, const char* clause, std::string found = {}) {
  return {std::move(id), clause, Status::passed, found, found, {}};
}
Check failed(std::string id, const char* clause, std::string expected, std::string found,
             std::string detail) {
  return {std::move(id), clause, Status::failed, std::move(expected), std::move(found), std::move(detail)};
}
Check skipped(std::string id, const char* clause, std::string detail) {
  return {std::move(id), clause, Status::skipped, {}, {}, std::move(detail)};
}

Check judge_log(const bundle::Bundle& bundle, const Requirements& requirements) {
  if (requirements.log_entries == 0)
    return skipped("log", clause_log, "the transparency log is ignored, as asked");
  const std::string wanted = std::to_string(requirements.log_entries) + " log entry";
  if (!has_log_evidence(bundle.evidence))
    return failed("log", clause_log, wanted, "none", "the signature carries no proof of a transparency log");
  return failed("log", clause_log, wanted, "an entry that was not judged",
                "log entries cannot be judged by this version");
}

constexpr std::size_t named_at_most = 5;

std::string fingerprints(const TrustedMaterial& material) {
  std::string keys;
  for (std::size_t i = 0; i < std::min(material.keys.size(), named_at_most); ++i)
    keys += (keys.empty() ? "" : " or ") + material.keys[i].key.fingerprint();
  if (material.keys.size() > named_at_most)
    keys += " or " + std::to_string(material.keys.size() - named_at_most) + " more";
  return keys;
}

// Tries every trusted key with every scheme it may have signed with. Of what the bundle claims only the
// digest of a file plays a part, which must be the file's own.
Check judge_signature(const bundle::Bundle& bundle, const TrustedMaterial& material,
                      const crypto::PassingMessage* file, Verdict& verdict, const TrustedKey*& signer) {
  const auto message = signed_message(bundle.content, file);
  if (message == nullptr)
    return failed("signature", clause_signature, {}, {}, "what was signed is not here: only its digest is");
  bool tried = false;
  std::string untried;
  for (const TrustedKey& trusted : material.keys) {
    for (const crypto::Scheme scheme : message->schemes(trusted.key)) {
      const auto verified = message->verify(trusted.key, scheme, bundle.signature);
      if (!verified && verified.error().code == Code::not_found && untried.empty())
        untried = verified.error().message;
      tried = tried || verified || verified.error().code != Code::not_found;
      if (!verified) continue;
      verdict.key_fingerprint = trusted.key.fingerprint();
      verdict.key_name = trusted.name;
      verdict.scheme = scheme;
      signer = &trusted;
      return passed("signature", clause_signature, trusted.key.fingerprint());
    }
  }
  if (!tried && !untried.empty())
    return failed("signature", clause_signature, {}, {}, "the signature cannot be checked: " + untried);
  return failed("signature", clause_signature, fingerprints(material), "another key",
                "the signature is by none of the trusted keys");
}

// The key of a key set that made the signature may be one that no longer verifies, or not this.
Check judge_listed(const keyset::Key& key, Time at, const Requirements& requirements) {
  const oci::Repository* where = requirements.repository ? &*requirements.repository : nullptr;
  if (const auto why = keyset::refusal(key, keyset::Use::verify, at, where))
    return failed("key", clause_policy, {}, {}, *why);
  return passed("key", clause_policy, std::string(keyset::name(key.state)));
}

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

std::string digest_text(crypto::HashAlgorithm algorithm, const Bytes& digest) {
  return std::string(crypto::name(algorithm)) + ":" + codec::hex::encode(digest);
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

Check material_check(const TrustedMaterial& material) {
  if (!material.keys.empty()) return passed("material", clause_material);
  return failed("material", clause_material, "a key", "none", "there is no key to verify with");
}

}  // namespace

bool has_log_evidence(const bundle::Evidence& evidence) {
  return !evidence.tlog_entries.empty();
}

std::string Verdict::signer() const {
  if (!identity) return certificate ? "" : key_fingerprint.value_or("");
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
  Verdict verdict;
  const Reading reading = read_claims(bundle.content, requirements);
  verdict.claims = reading.claims;
  verdict.checks.push_back(material_check(material));
  verdict.checks.push_back(judge_log(bundle, requirements));
  const TrustedKey* signer = nullptr;
  verdict.checks.push_back(judge_signature(bundle, material, message, verdict, signer));
  if (signer != nullptr && signer->listed)
    verdict.checks.push_back(judge_listed(*signer->listed, material.at, requirements));
  verdict.checks.push_back(judge_type(bundle, reading, requirements));
  const bool file = requirements.wanted == Wanted::message && message_of(bundle) != nullptr;
  const bool unreadable = reading.error && claims_matter(bundle, requirements) && !file;
  if (!verdict.key_fingerprint || unreadable) {
    const char* why = unreadable ? "the claims cannot be read" : "the claims are not proven";
    verdict.checks.push_back(skipped("subject", clause_policy, why));
    verdict.checks.push_back(skipped("annotations", clause_policy, why));
    return verdict;
  }
  verdict.checks.push_back(file ? judge_message_digest(*message_of(bundle), message)
                                : judge_subject(bundle, reading, requirements));
  verdict.checks.push_back(judge_annotations(reading, requirements));
  return verdict;
}

}  // namespace sigstore::verify
