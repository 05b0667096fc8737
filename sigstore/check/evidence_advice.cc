#include "sigstore/check/evidence_advice.h"

#include <algorithm>

#include "sigstore/codec/printable.h"

namespace sigstore::check {
namespace {

using verify::Check;

bool unknown(const Check& check) {
  return check.code == Code::not_found;
}

bool logged(const Candidate& candidate) {
  return verify::has_log_evidence(candidate.stored.bundle->evidence);
}

// Logs of which nothing but a key is known are those that a variable names.
std::string name_the_log(const std::vector<trust::Log>& trusted, const char* what, const char* variable) {
  const bool bare =
      !trusted.empty() && std::ranges::all_of(trusted, &std::string::empty, &trust::Log::base_url);
  if (bare) return "name the key of its " + std::string(what) + " (" + variable + ")";
  return "pass the trusted root that names its " + std::string(what) + " (--trusted-root FILE)";
}

std::vector<trust::Log> logs_of(const Options& options, std::vector<trust::Log> trust::TrustedRoot::* logs) {
  return options.material.parties ? options.material.parties->root().*logs : std::vector<trust::Log>();
}

std::string on_log(const Check& check, const Candidate& candidate, const std::string& noun,
                   const Options& options) {
  const bool key = !candidate.verdict.by_certificate;
  if (!logged(candidate))
    return "pass --insecure-ignore-tlog=true to accept " + noun + "s that were made without a log";
  if (!unknown(check)) return "";
  return name_the_log(logs_of(options, &trust::TrustedRoot::tlogs), "log", "SIGSTORE_REKOR_PUBLIC_KEY") +
         (key ? ", or --insecure-ignore-tlog=true to do without the log" : "");
}

// Whether the certificate carries a promise at all.
bool promised(const Check& check) {
  return check.found != "none";
}

std::string on_sct(const Check& check, const Options& options) {
  const std::string without = "--insecure-ignore-sct=true to do without the promise";
  if (!unknown(check) || !promised(check)) return "pass " + without;
  return name_the_log(logs_of(options, &trust::TrustedRoot::ctlogs), "log of certificates",
                      "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE") +
         ", or pass " + without;
}

// It was judged as of now, since nothing else was proven: what else could prove it.
std::string on_now(const Candidate& candidate) {
  if (!candidate.stored.bundle->evidence.timestamps.empty())
    return "pass the trusted root that names its timestamp authority (--trusted-root FILE)";
  if (logged(candidate))
    return "leave --insecure-ignore-tlog out: the log entry beside the signature can prove when it was made";
  return "sign with a log or a timestamp authority, which prove when it was";
}

// Whether it was judged by roots that were given, rather than by a trusted root that lists authorities.
bool by_roots(const Check& check, const Options& options) {
  const auto& parties = options.material.parties;
  return parties && parties->root().certificate_authorities.empty() && !unknown(check);
}

std::string on_certificate(const Check& check, const Candidate& candidate, const Options& options) {
  const bool outlived = !check.expected.empty() && candidate.verdict.times.empty();
  if (outlived && options.requirements.current_time) return on_now(candidate);
  if (!outlived && by_roots(check, options))
    return "name the roots of its authority (--ca-roots FILE) and what stands between them and the "
           "certificate (--ca-intermediates FILE)";
  return "a certificate is trusted through the trusted root of the Sigstore that issued it (--trusted-root "
         "FILE), and counts for signatures that are proven to be of its time";
}

std::string on_material(const Candidate& candidate) {
  const bundle::KeyClaim& claim = candidate.stored.bundle->key;
  if (!claim.certificates.empty())
    return "pass the trusted root of the Sigstore that issued its certificate (--trusted-root FILE)";
  return claim.hint.empty()
             ? "pass the certificate that was made for it (--certificate FILE), or a key (--key)"
             : "verify with the public key of who signed (--key)";
}

std::string on_time(const Check& check) {
  if (unknown(check))
    return "sign with a timestamp authority (--timestamp-server-url) or a log that proves times";
  return "pass the trusted root that names its timestamp authority (--trusted-root FILE)";
}

// A word of a command line for a shell.
std::string word(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,=";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// "githubWorkflowRef" -> "--certificate-github-workflow-ref"
std::string flag_of(const std::string& extension) {
  std::string flag = "--certificate-";
  for (const char c : extension)
    flag += c >= 'A' && c <= 'Z' ? std::string("-") + static_cast<char>(c - 'A' + 'a') : std::string(1, c);
  return flag;
}

// What the certificate says otherwise, where its signer and issuer are the right ones.
std::string on_extensions(const verify::IdentityRule& rule, const verify::CertificateIdentity& identity) {
  std::string flags, absent;
  for (const auto& [name, value] : rule.extensions) {
    const auto found = identity.extensions.find(name);
    if (found == identity.extensions.end())
      absent += (absent.empty() ? "" : ", ") + flag_of(name);
    else if (found->second != value)
      flags += " " + flag_of(name) + " " + word(codec::printable(found->second));
  }
  if (!absent.empty())
    return "the certificate says nothing of that: leave " + absent + " out if that is as it should be";
  return flags.empty() ? "" : "if that is right:" + flags;
}

std::string on_identity(const Candidate& candidate, const Options& options) {
  const auto& identity = candidate.verdict.identity;
  if (!identity || identity->subjects.empty()) return "";
  for (const verify::IdentityRule& rule : options.requirements.identities) {
    const bool signer = std::ranges::any_of(
        identity->subjects, [&](const auto& name) { return rule.subject.accepts(name.value); });
    if (signer && rule.issuer.accepts(identity->issuer)) return on_extensions(rule, *identity);
  }
  return "if these are trusted: --certificate-identity " +
         word(codec::printable(identity->subjects.front().value)) + " --certificate-oidc-issuer " +
         word(codec::printable(identity->issuer));
}

}  // namespace

std::string shortcoming(const Check& check, const Candidate& candidate) {
  if (check.id == "log") {
    if (!logged(candidate)) return "it is in no transparency log";
    return unknown(check) ? "its proof of a transparency log was not judged"
                          : "its proof of a transparency log does not hold";
  }
  if (check.id == "identity") return "it is not by who was expected";
  if (check.id == "sct")
    return unknown(check) && promised(check) ? "no log that is trusted promises to list its certificate"
                                             : "no log promises to list its certificate";
  return "";
}

std::string advice(const Check& check, const Candidate& candidate, const std::string& noun,
                   const Options& options) {
  if (check.id == "log") return on_log(check, candidate, noun, options);
  if (check.id == "material") return on_material(candidate);
  if (check.id == "time") return on_time(check);
  if (check.id == "identity") return on_identity(candidate, options);
  if (check.id == "certificate") return on_certificate(check, candidate, options);
  if (check.id == "sct") return on_sct(check, options);
  return "";
}

}  // namespace sigstore::check
