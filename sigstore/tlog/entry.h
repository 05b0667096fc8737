// One entry of a transparency log with the proofs that it is there (protobuf-specs, sigstore_rekor.proto,
// TransparencyLogEntry; the old Rekor bundle is read into the same value). Nothing is believed yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace sigstore::tlog {

struct InclusionProof {
  std::uint64_t log_index = 0;  // in this tree, which may be a shard: not Entry::log_index
  std::uint64_t tree_size = 0;
  Bytes root_hash;
  std::vector<Bytes> hashes;
  std::string checkpoint;  // a signed note; empty when there is none
  friend bool operator==(const InclusionProof&, const InclusionProof&) = default;
};

struct Entry {
  std::uint64_t log_index = 0;       // over all shards of the log
  Bytes log_id;                      // keyId: of Rekor v1 the SHA-256 of the log's SPKI
  std::string kind, version;         // as claimed: "hashedrekord", "0.0.1"; empty in an old Rekor bundle
  std::int64_t integrated_time = 0;  // seconds since 1970; 0: none, as Rekor v2 has it
  Bytes signed_entry_timestamp;      // the inclusion promise (SET); empty: none
  std::optional<InclusionProof> proof;
  std::string body;  // canonicalizedBody: the leaf of the tree
  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace sigstore::tlog
