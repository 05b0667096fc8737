// A log entry in the forms that stand outside of a bundle (cosign.md 2h): the old Rekor bundle, which `.sig`
// layers and the files of cosign 1 and 2 carry, and what Rekor's API (v1) answers.
#pragma once

#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/codec/json.h"
#include "sigstore/tlog/entry.h"

namespace sigstore::bundle {

// The old Rekor bundle, {"SignedEntryTimestamp","Payload":{"body","integratedTime","logIndex","logID"}}. It
// has no inclusion proof; kind and version are those that its body names, or empty.
Result<tlog::Entry> from_old_rekor_bundle(const codec::json::Object& object);

// The reverse; of the entry's members those that it holds. The entry has a promise.
codec::json::Object old_rekor_bundle(const tlog::Entry& entry);

// The first of the entries that an old Rekor bundle can hold, which is one with a promise; or nullptr.
const tlog::Entry* with_promise(const std::vector<tlog::Entry>& entries);

// A LogEntryAnon of Rekor's API:
// {"body","integratedTime","logID","logIndex","verification":{"inclusionProof", "signedEntryTimestamp"}}. The
// promise is there; the proof may not be.
Result<tlog::Entry> from_rekor_answer(const codec::json::Object& object);

// A log entry of a file: an old Rekor bundle, the file of sign-blob that holds one, or the answer of Rekor's
// API, a map of one entry. Nothing is verified, but each member has its type and base64 is base64.
// Code::malformed, and too_large beyond limits.h.
Result<tlog::Entry> read_log_entry(std::string_view json);

// The signature that the body of the entry is about, where it is of a kind that names one by itself
// (hashedrekord, rekord); empty for others. Code::malformed when it is no JSON.
Result<Bytes> signature_in_log_entry(const tlog::Entry& entry);

}  // namespace sigstore::bundle
