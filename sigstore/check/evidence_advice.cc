#include "sigstore/check/evidence_advice.h"

#include <algorithm>

namespace sigstore::check {
namespace {

using verify::Check;

bool unknown(const Check& check) {
  return check.code == Code::not_found;
}

bool logged(const Candidate& candidate) {
  return verify::has_log_evidence(candidate.stored.bundle->evidence);
}

std::string on_log(const Check& check, const Candidate& candidate, const std::string& noun) {
  const bool key = !candidate.verdict.by_certificate;
  if (!logged(candidate))
    return "pass --insecure-ignore-tlog=true to accept " + noun + "s that were made without a log";
  if (!unknown(check)) return "";
  return std::string("pass the trusted root that names its log (--trusted-root FILE)") +
         (key ? ", or --insecure-ignore-tlog=true to do without the log" : "");
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

std::string on_identity(const Candidate& candidate) {
  const auto& identity = candidate.verdict.identity;
  if (!identity || identity->subjects.empty()) return "";
  return "if these are trusted: --certificate-identity " + identity->subjects.front().value +
         " --certificate-oidc-issuer " + identity->issuer;
}

}  // namespace

std::string shortcoming(const Check& check, const Candidate& candidate) {
  if (check.id == "log") {
    if (!logged(candidate)) return "it is in no transparency log";
    return unknown(check) ? "its proof of a transparency log was not judged"
                          : "its proof of a transparency log does not hold";
  }
  if (check.id == "identity") return "it is not by who was expected";
  if (check.id == "sct") return "no log promises to list its certificate";
  return "";
}

std::string advice(const Check& check, const Candidate& candidate, const std::string& noun) {
  if (check.id == "log") return on_log(check, candidate, noun);
  if (check.id == "material") return on_material(candidate);
  if (check.id == "time") return on_time(check);
  if (check.id == "identity") return on_identity(candidate);
  if (check.id == "certificate")
    return "a certificate is trusted through the trusted root of the Sigstore that issued it (--trusted-root "
           "FILE), "
           "and counts for signatures that are proven to be of its time";
  if (check.id == "sct") return "pass --insecure-ignore-sct=true to do without the promise";
  return "";
}

}  // namespace sigstore::check
