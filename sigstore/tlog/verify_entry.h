// The proofs of an entry: its inclusion, and the log's promise (client-spec, "Verification of transparency
// log entries"). Which keys are trusted, and when, is the caller's to know.
#pragma once

#include <string_view>

#include "sigstore/crypto/key.h"
#include "sigstore/tlog/checkpoint.h"
#include "sigstore/tlog/entry.h"

namespace sigstore::tlog {

// The inclusion proof leads from the body to its root hash, and the checkpoint, which `key` signed, has that
// root and size. The checkpoint of a Rekor v2 has the log's host name as its origin, must be signed under it
// and must be `origin`; there, the entry's index is that of the proof. One of a Rekor v1 names its tree too
// (is_rekor_v1_origin) and is not compared with `origin`, since such a log may call itself as it likes.
// Code::not_found without proof, checkpoint or a signature of the key; mismatch, bad_signature, malformed.
Result<Checkpoint> verify_inclusion(const Entry& entry, std::string_view origin,
                                    const crypto::PublicKey& key);

// The inclusion promise (Rekor v1): `key` signed body, integratedTime, logID and logIndex as canonical JSON
// (RFC 8785). Code::not_found without a promise, bad_signature.
Result<void> verify_promise(const Entry& entry, const crypto::PublicKey& key);
// What is signed there.
std::string promise_text(const Entry& entry);

// Whether an origin has the form of Rekor v1, "rekor.sigstore.dev - 1193050959916656506".
bool is_rekor_v1_origin(std::string_view origin);

}  // namespace sigstore::tlog
