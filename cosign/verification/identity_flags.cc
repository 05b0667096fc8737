#include "cosign/verification/identity_flags.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sigstore/crypto/x509/fulcio.h"

namespace cosign {
namespace {

namespace fulcio = sigstore::crypto::x509::fulcio;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::codec::Regex;
using sigstore::verify::IdentityRule;

Result<Regex> expression(const char* flag, const std::string& pattern) {
  auto regex = Regex::parse(pattern);
  if (!regex)
    return fail(
        regex.error().wrap("--" + std::string(flag) + " is not a regular expression that can be used"));
  return regex;
}

// What is missing at the ends, so that following it does not take away what was meant.
std::string unanchored(const char* flag, const std::string& pattern) {
  const std::string warning = "WARNING: --" + std::string(flag);
  const std::string matches = warning + " matches anywhere in a text, so it takes more than it says: ";
  if (pattern.contains('|') || pattern.contains("(?"))
    return matches + "^(" + pattern + ")$ takes whole texts only";
  const std::string end = "$, or .*$ where anything may follow";
  if (pattern.starts_with('^')) return warning + " takes whatever begins like that: end it with " + end;
  if (pattern.ends_with('$')) return warning + " takes whatever ends like that: begin it with ^";
  return matches + "begin it with ^, and end it with " + end;
}

}  // namespace

void IdentityFlags::declare(FlagSet& flags) {
  flags.text("certificate-identity", &identity, "NAME",
             "who must have signed, by a certificate: an e-mail address, or the URI of a workflow");
  flags.text("certificate-identity-regexp", &identity_regexp, "REGEXP",
             "the same as a regular expression (RE2), which may match anywhere in the name");
  flags.text("certificate-oidc-issuer", &issuer, "URL",
             "who must have vouched for them, such as https://token.actions.githubusercontent.com");
  flags.text("certificate-oidc-issuer-regexp", &issuer_regexp, "REGEXP",
             "the same as a regular expression (RE2)");
}

void IdentityFlags::declare_rest(FlagSet& flags) {
  const auto workflow = [&](const char* name, std::string* target, const char* what) {
    flags.text(std::string("certificate-github-workflow-") + name, target, "TEXT",
               std::string("what the certificate must say of ") + what);
  };
  workflow("trigger", &workflow_trigger, "the event that started the workflow, such as push");
  workflow("sha", &workflow_sha, "the commit that the workflow ran for");
  workflow("name", &workflow_name, "the workflow's name");
  workflow("repository", &workflow_repository, "its repository: OWNER/NAME");
  workflow("ref", &workflow_ref, "the branch or tag: refs/heads/main");
  flags.text("certificate-email", &email, "ADDRESS", "the same as --certificate-identity").section =
      Section::compatibility;
}

bool IdentityFlags::given() const {
  const std::array all = {&identity,     &identity_regexp, &email,
                          &issuer,       &issuer_regexp,   &workflow_trigger,
                          &workflow_sha, &workflow_name,   &workflow_repository,
                          &workflow_ref};
  return !std::ranges::all_of(all, [](const std::string* text) { return text->empty(); });
}

Result<IdentityRule> IdentityFlags::rule() const {
  const std::array subjects = {&identity, &identity_regexp, &email};
  const auto named = std::ranges::count_if(subjects, [](const std::string* text) { return !text->empty(); });
  if (named == 0)
    return fail(Code::invalid_argument,
                "--certificate-identity or --certificate-identity-regexp is required to verify without --key",
                {}, "name who must have signed: an e-mail address, or the URI of a workflow");
  if (named > 1)
    return fail(Code::invalid_argument, "who must have signed is named twice",
                "--certificate-identity, --certificate-identity-regexp and --certificate-email exclude each "
                "other");
  if (issuer.empty() && issuer_regexp.empty())
    return fail(Code::invalid_argument,
                "--certificate-oidc-issuer or --certificate-oidc-issuer-regexp is required to verify without "
                "--key",
                "the same name may be another's at another issuer",
                "name who vouches for the signer, such as https://accounts.google.com or "
                "https://token.actions.githubusercontent.com");
  IdentityRule rule;
  if (!identity.empty() || !email.empty()) rule.subject.exact = identity.empty() ? email : identity;
  if (!identity_regexp.empty()) {
    TRY(rule.subject.expression, expression("certificate-identity-regexp", identity_regexp));
  }
  if (!issuer.empty()) rule.issuer.exact = issuer;
  if (!issuer_regexp.empty()) {
    TRY(rule.issuer.expression, expression("certificate-oidc-issuer-regexp", issuer_regexp));
  }
  const std::array<std::pair<std::string_view, const std::string*>, 5> workflow = {
      {{fulcio::workflow_trigger.name, &workflow_trigger},
       {fulcio::workflow_sha.name, &workflow_sha},
       {fulcio::workflow_name.name, &workflow_name},
       {fulcio::workflow_repository.name, &workflow_repository},
       {fulcio::workflow_ref.name, &workflow_ref}}};
  for (const auto& [name, text] : workflow)
    if (!text->empty()) rule.extensions.emplace(name, *text);
  return rule;
}

std::vector<std::string> warnings(const IdentityRule& rule) {
  std::vector<std::string> lines;
  if (rule.subject.expression && !rule.subject.expression->anchored())
    lines.push_back(unanchored("certificate-identity-regexp", rule.subject.expression->pattern()));
  if (rule.issuer.expression && !rule.issuer.expression->anchored())
    lines.push_back(unanchored("certificate-oidc-issuer-regexp", rule.issuer.expression->pattern()));
  return lines;
}

}  // namespace cosign
