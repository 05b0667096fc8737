// Whether an entry of a log is about this signature: what it says of signature, signer and artifact is
// compared with what is judged (GHSA-whqx-f9j3-ch6m). Private to this room.
#pragma once

#include <optional>
#include <vector>

#include "sigstore/tlog/body.h"
#include "sigstore/verify/evidence.h"

namespace sigstore::verify {

// How far an entry came.
enum class EntryReached { of_a_stranger, unusable, unread, about_another, unproven, out_of_time };

// Rekor v2 logs no times and makes no promises.
bool is_rekor_v2(const tlog::Body& body);

// `keys`: who may have signed, where no certificate is judged. nullopt: it is about this signature.
std::optional<Miss> mismatch(const tlog::Entry& entry, const tlog::Body& body, const Case& judged,
                             const std::vector<const TrustedKey*>& keys);

}  // namespace sigstore::verify
