#include "sigstore/crypto/x509/internal/rules.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/printable.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::crypto::x509::internal {
namespace {

std::string shown(Time at) {
  const bool whole = at == std::chrono::floor<std::chrono::seconds>(at);
  return whole ? codec::rfc3339::seconds(at) : codec::rfc3339::milliseconds(at);
}

}  // namespace

std::string shown(const Certificate& certificate, Role role) {
  const auto subject = certificate.subject_text();
  const auto named = subject.empty() ? "without a name" : subject;
  if (role == Role::intermediate) return "the intermediate certificate " + named;
  if (role == Role::root) return "the root certificate " + named;
  if (!subject.empty()) return "the certificate " + subject;
  if (certificate.names().empty()) return "the certificate without a name";
  return "the certificate of " + codec::printable(certificate.names().front().value);
}

std::unexpected<Error> refuse(std::string message, std::string cause) {
  return fail(Code::mismatch, std::move(message), std::move(cause));
}

namespace {

// RFC 5280 4.2: what is critical and not understood refuses the certificate.
Result<void> check_critical(const Certificate& certificate, Role role) {
  static constexpr std::array<std::string_view, 6> understood = {"2.5.29.15", "2.5.29.17", "2.5.29.19",
                                                                 "2.5.29.30", "2.5.29.32", "2.5.29.37"};
  for (const auto& extension : certificate.extensions()) {
    if (extension.critical && std::ranges::find(understood, extension.oid) == understood.end())
      return refuse(shown(certificate, role) + " has a critical extension that is not understood",
                    "its object identifier is " + extension.oid);
  }
  return {};
}

Result<void> check_time(const Certificate& certificate, Role role, Time at) {
  const auto& validity = certificate.validity();
  if (validity.contains(at)) return {};
  return refuse(shown(certificate, role) + " was not valid at " + shown(at),
                "it is valid from " + shown(validity.not_before) + " to " + shown(validity.not_after));
}

std::string_view name_of(std::string_view purpose) {
  if (purpose == code_signing) return "code signing";
  return purpose == time_stamping ? "time stamping" : purpose;
}

Result<void> check_purpose(const Certificate& leaf, std::string_view purpose) {
  const auto& usages = leaf.extended_key_usage();
  if (std::ranges::find(usages, purpose) == usages.end())
    return refuse(shown(leaf, Role::leaf) + " is not for " + std::string(name_of(purpose)),
                  "its extended key usage does not list " + std::string(purpose));
  if (purpose != time_stamping) return {};
  if (usages.size() != 1 || !leaf.extension("2.5.29.37")->critical)
    return refuse(shown(leaf, Role::leaf) + " is not for time stamping alone",
                  "its extended key usage must be critical and list nothing else (RFC 3161, 2.3)");
  return {};
}

}  // namespace

Result<void> check_leaf(const Certificate& leaf, std::string_view purpose, Time at) {
  if (leaf.is_ca())
    return refuse(shown(leaf, Role::leaf) + " is an authority's, which must not sign anything else",
                  "its basic constraints say CA");
  const auto& usage = leaf.key_usage();
  if (usage && !usage->digital_signature && !usage->content_commitment)
    return refuse(shown(leaf, Role::leaf) + " is not for signatures", "its key usage does not list them");
  TRY_OK(check_purpose(leaf, purpose));
  TRY_OK(check_critical(leaf, Role::leaf));
  return check_time(leaf, Role::leaf, at);
}

// An extended key usage of an authority bounds what it may issue.
Result<void> check_authority(const Certificate& certificate, Role role, std::string_view purpose, Time at) {
  constexpr std::string_view any = "2.5.29.37.0";
  if (!certificate.is_ca())
    return refuse(shown(certificate, role) + " is not an authority's", "its basic constraints do not say CA");
  if (certificate.key_usage() && !certificate.key_usage()->key_cert_sign)
    return refuse(shown(certificate, role) + " may not issue certificates", "its key usage does not list it");
  const auto& usages = certificate.extended_key_usage();
  const bool bounded = certificate.extension("2.5.29.37") != nullptr;
  if (bounded && std::ranges::none_of(usages, [&](const auto& one) { return one == purpose || one == any; }))
    return refuse(
        shown(certificate, role) + " may not issue certificates for " + std::string(name_of(purpose)),
        "its extended key usage does not list " + std::string(purpose));
  TRY_OK(check_critical(certificate, role));
  return check_time(certificate, role, at);
}

}  // namespace sigstore::crypto::x509::internal
