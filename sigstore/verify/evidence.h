// The parts of a judgement by evidence, in the order in which they need each other: timestamps, then entries
// of logs, then the certificate at every time that these prove, then the promises of logs of certificates.
// Each returns its check and what it proved. Private to this room.
#pragma once

#include <optional>
#include <vector>

#include "sigstore/verify/checks.h"
#include "sigstore/verify/judge.h"
#include "sigstore/verify/signed_message.h"

namespace sigstore::verify {

// What is judged, and what of it is known beforehand. All references outlive it.
struct Case {
  const bundle::Bundle& bundle;
  const TrustedMaterial& material;
  const Requirements& requirements;
  SignedMessage* message = nullptr;  // nullptr: it is not here
  // By certificate: whose signature it is said to be, and what came beside it. nullopt: by key.
  std::optional<crypto::x509::Certificate> leaf;
  std::vector<crypto::x509::Certificate> beside;

  // nullptr: nobody is trusted but keys.
  [[nodiscard]] const TrustedParties::State* parties() const {
    return material.parties ? &material.parties->state() : nullptr;
  }
};

// Finds the certificate of a case that is judged by one. The check is "material".
Check find_certificate(Case& judged);

// Timestamps of the signature. What is proven is the time of each token that an authority vouches for.
struct SignedTimes {
  std::vector<Time> times;
  std::size_t authorities = 0;  // different ones
  Nearest misses;
  bool disowned = false;  // a token says it is of a trusted authority, and is not good
};
SignedTimes judge_timestamps(const Case& judged);

// When the log says that it took an entry in; nullopt when it says nothing, or what Time cannot hold.
std::optional<Time> integrated_time(const tlog::Entry& entry);

// Entries in logs. `keys` are those that may have signed, where no certificate is judged. `times` are proven
// times of the signature, for entries that have none of their own.
struct Logged {
  Check check;
  std::vector<Time> times;  // of entries whose time the log has signed
  bool timeless = false;    // an entry is proven that has no time (Rekor v2)
};
Logged judge_log(const Case& judged, const std::vector<const TrustedKey*>& keys,
                 const std::vector<Time>& times);

// "time": whether enough is proven. nullopt where nothing is asked of it and nothing claimed.
std::optional<Check> judge_time(const Case& judged, const SignedTimes& stamped, const Logged& logged);

// "certificate": the path that was valid at all `times` (leaf first, root last); empty when there is none.
// `proven`: not just the current time, for want of another.
struct Chained {
  Check check;
  std::vector<crypto::x509::Certificate> path;
};
Chained judge_certificate(const Case& judged, const std::vector<Time>& times, bool proven);

Check judge_scts(const Case& judged, const std::vector<crypto::x509::Certificate>& path);

// "identity"; `found` is what the certificate says.
Check judge_identity(const Result<CertificateIdentity>& found, const Requirements& requirements);

}  // namespace sigstore::verify
