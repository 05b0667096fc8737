#include <algorithm>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/verify/evidence.h"
#include "sigstore/verify/parties_state.h"

namespace sigstore::verify {
namespace {

using codec::rfc3339::seconds;
using crypto::x509::Certificate;

// How far an authority came.
enum Reached { unusable, not_its_own, out_of_time };

std::string shown(const crypto::x509::Validity& validity) {
  return seconds(validity.not_before) + " to " + seconds(validity.not_after);
}

// The path through one authority, the same at every time.
Result<std::vector<Certificate>> path_through(const CaParty& party, const Case& judged,
                                              const std::vector<Time>& times, Nearest& misses) {
  const auto authority = party.authority();
  if (!authority) {
    misses.add({unusable, authority.error().code,
                "authority " + party.name() + " cannot be used: " + authority.error().text()});
    return fail(authority.error());
  }
  std::vector<Certificate> path;
  for (const Time at : times) {
    auto found = authority->verify(*judged.leaf, judged.beside, at, crypto::x509::code_signing);
    if (!found) {
      misses.add({not_its_own, found.error().code, found.error().text()});
      return found;
    }
    path = std::move(*found);
    if (party.valid_at(at)) continue;
    const std::string why = "authority " + party.name() + " is not trusted for the time of the signature";
    misses.add({out_of_time, Code::mismatch, why, {}, seconds(at)});
    return fail(Code::mismatch, why);
  }
  return path;
}

// A time that is claimed must fit as well, though nobody vouches for it.
std::optional<Time> claimed_outside(const Case& judged) {
  if (judged.requirements.log_entries <= 0) return std::nullopt;
  for (const tlog::Entry& entry : judged.bundle.evidence.tlog_entries)
    if (const auto at = integrated_time(entry); at && !judged.leaf->validity().contains(*at)) return at;
  return std::nullopt;
}

Check outside(const Case& judged, Time at, const char* when) {
  return failed("certificate", clause_certificate, shown(judged.leaf->validity()), seconds(at), when);
}
constexpr const char* not_then = "the certificate was not valid when it is said to have signed";
constexpr const char* not_now = "the certificate is not valid now, and no other time is proven";

}  // namespace

Chained judge_certificate(const Case& judged, const std::vector<Time>& times, bool proven) {
  const auto outlived =
      std::ranges::find_if(times, [&](Time at) { return !judged.leaf->validity().contains(at); });
  if (outlived != times.end()) return {outside(judged, *outlived, proven ? not_then : not_now), {}};
  if (const auto claimed = claimed_outside(judged)) return {outside(judged, *claimed, not_then), {}};
  Nearest misses;
  for (const CaParty& party : judged.parties()->cas)
    if (auto path = path_through(party, judged, times, misses)) {
      const std::string by = party.name();
      return {passed("certificate", clause_certificate, by), std::move(*path)};
    }
  return {misses.failure("certificate", clause_certificate,
                         {0, Code::not_found, "no certificate authority is trusted"}),
          {}};
}

}  // namespace sigstore::verify
