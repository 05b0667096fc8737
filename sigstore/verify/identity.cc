#include "sigstore/verify/identity.h"

#include <algorithm>

#include "sigstore/codec/der.h"
#include "sigstore/codec/printable.h"
#include "sigstore/crypto/x509/fulcio.h"
#include "sigstore/verify/evidence.h"

namespace sigstore::verify {
namespace {

namespace fulcio = crypto::x509::fulcio;

Result<std::string> text_of(BytesView value, bool der, std::string_view name) {
  if (!der) return to_text(value);
  codec::der::Reader reader(value);
  const auto text = reader.expect(codec::der::utf8_string);
  if (!text || !reader.finish())
    return fail(Code::malformed, "the certificate's extension " + std::string(name) + " is no UTF8String");
  return to_text(text->content);
}

// "" when it is absent.
Result<std::string> read(const crypto::x509::Certificate& certificate, const fulcio::Extension& extension) {
  const auto* found = certificate.extension(extension.oid);
  if (found == nullptr) return std::string();
  return text_of(found->value, extension.der, extension.name);
}

}  // namespace

Result<CertificateIdentity> identity_of(const crypto::x509::Certificate& certificate) {
  CertificateIdentity identity;
  identity.subjects = certificate.names();
  TRY(const std::string newer, read(certificate, fulcio::issuer));
  TRY(const std::string older, read(certificate, fulcio::old_issuer));
  identity.issuer = newer.empty() ? older : newer;
  for (const fulcio::Extension& extension : fulcio::further) {
    TRY(std::string text, read(certificate, extension));
    if (!text.empty()) identity.extensions.emplace(extension.name, std::move(text));
  }
  return identity;
}

bool TextRule::accepts(std::string_view text) const {
  return (!exact || *exact == text) && (!expression || expression->matches_part_of(text));
}

std::string TextRule::shown() const {
  if (exact && expression) return *exact + " and /" + expression->pattern() + "/";
  if (exact) return *exact;
  return expression ? "/" + expression->pattern() + "/" : "any";
}

namespace {

// How far a rule came.
enum Reached { other_subject, other_issuer, other_extension };

std::string names_of(const CertificateIdentity& identity) {
  std::string text;
  for (const crypto::x509::GeneralName& name : identity.subjects)
    text += (text.empty() ? "" : ", ") + codec::printable(name.value);
  return text;
}

std::optional<Miss> compare(const IdentityRule& rule, const CertificateIdentity& identity) {
  const bool subject = std::ranges::any_of(identity.subjects, [&](const crypto::x509::GeneralName& name) {
    return rule.subject.accepts(name.value);
  });
  if (!subject)
    return Miss{other_subject, Code::mismatch,
                identity.subjects.empty() ? "the certificate names nobody" : "it is signed by somebody else",
                rule.subject.shown(), names_of(identity)};
  if (!rule.issuer.accepts(identity.issuer))
    return Miss{other_issuer, Code::mismatch, "another issuer vouched for " + names_of(identity),
                rule.issuer.shown(), codec::printable(identity.issuer)};
  for (const auto& [name, value] : rule.extensions) {
    const auto found = identity.extensions.find(name);
    if (found == identity.extensions.end() || found->second != value)
      return Miss{other_extension, Code::mismatch, "the certificate says another " + name, value,
                  found == identity.extensions.end() ? "" : codec::printable(found->second)};
  }
  return std::nullopt;
}

}  // namespace

Check judge_identity(const Result<CertificateIdentity>& found, const Requirements& requirements) {
  if (!found) {
    Check check = failed("identity", clause_policy, {}, {}, found.error().text());
    check.code = found.error().code;
    return check;
  }
  const std::string shown = names_of(*found) + " (" + codec::printable(found->issuer) + ")";
  if (requirements.any_identity) return passed("identity", clause_policy, shown);
  Nearest misses;
  for (const IdentityRule& rule : requirements.identities) {
    auto miss = compare(rule, *found);
    if (!miss) return passed("identity", clause_policy, shown);
    misses.add(std::move(*miss));
  }
  return misses.failure("identity", clause_policy,
                        {0, Code::invalid_argument, "nobody is named who may have signed", {}, shown});
}

}  // namespace sigstore::verify
