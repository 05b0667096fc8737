// The proofs of an entry: its inclusion, and the log's promise (client-spec, "Verification of transparency
// log entries"). Which keys are trusted, and when, is the caller's to know.
#pragma once

#include <string_view>

#include "sigstore/crypto/key.h"
#include "sigstore/tlog/checkpoint.h"
#include "sigstore/tlog/entry.h"

namespace sigstore::tlog {

// The inclusion proof leads from the body to its root hash, and the checkpoint, which `key` signed under
// `origin`, has that root and size. An empty `origin` takes the checkpoint's own (Rekor v1, whose origin is
// no host name alone). Code::not_found without proof or checkpoint; mismatch, bad_signature, malformed.
Result<Checkpoint> verify_inclusion(const Entry& entry, std::string_view origin,
                                    const crypto::PublicKey& key);

// The inclusion promise (Rekor v1): `key` signed body, integratedTime, logID and logIndex as canonical JSON
// (RFC 8785). Code::not_found without a promise.
Result<void> verify_promise(const Entry& entry, const crypto::PublicKey& key);
// What is signed there.
std::string promise_text(const Entry& entry);

// Whether an origin has the form of Rekor v1, "rekor.sigstore.dev - 1193050959916656506".
bool is_rekor_v1_origin(std::string_view origin);

}  // namespace sigstore::tlog
