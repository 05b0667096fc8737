// What an old bundle lacks to be a v0.3: nothing here asks anybody.
#pragma once

#include "sigstore/base/result.h"
#include "sigstore/tlog/entry.h"

namespace sigstore::bundle {

// Whether a bundle v0.3 cannot hold the entry before the log is asked for its inclusion proof.
bool lacks_proof(const tlog::Entry& entry);

// Gives `entry` the proof of `answered`, the same entry as its log has it now; kind and version too where the
// old form did not name them. Its own promise stays. Code::mismatch when it is another entry, or the proof
// does not lead from it to the root; not_found when the answer has no proof with a checkpoint. That the root
// is the log's is not judged: for that a key is needed, which verifying has.
Result<void> take_proof(tlog::Entry& entry, tlog::Entry answered);

}  // namespace sigstore::bundle
