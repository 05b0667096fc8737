// A transparency log that issues entries, in memory: in the shape of Rekor v1 (promise, inclusion proof,
// checkpoint, time) or v2 (inclusion proof and checkpoint alone). Pure: key and time are arguments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/key.h"
#include "sigstore/tlog/checkpoint.h"
#include "sigstore/tlog/entry.h"
#include "sigstore/tlog/merkle.h"
#include "sigstore/trust/trusted_root.h"

namespace sigstore::authority::log {

enum class Shape { rekor_v1, rekor_v2 };

struct LogOptions {
  Shape shape = Shape::rekor_v2;
  std::string host = "rekor.test";  // what checkpoints are signed as; of v2 also their origin
  std::uint64_t tree_id = 1;        // v1: the origin is "host - tree_id"
  std::uint64_t first_index = 0;    // v1: entries of the shards before this one
  std::string operator_name;
};

// What is to be listed.
struct Leaf {
  std::string kind, version;  // "hashedrekord", "0.0.1"
  std::string body;           // canonical (tlog/body.h)
};

// The id under which a log is known. v1: SHA-256 of the SPKI; v2: the key hash of its notes before it is cut
// to 4 bytes (C2SP signed-note), which is the same for ECDSA alone.
Bytes log_id(Shape shape, std::string_view host, const crypto::PublicKey& key);
// The scheme of the log's signatures. Rekor v1: SHA-256 with every curve; v2: the digest of the curve. RSA
// SHA-256; pure Ed25519.
crypto::Scheme log_scheme(Shape shape, const crypto::PublicKey& key);

// Not for use from two threads at once. `signer` outlives it.
class TransparencyLog {
 public:
  TransparencyLog(LogOptions options, crypto::Signer& signer);

  // Appends, and gives the entry with all its proofs, in the tree as it is then. `at` is the integrated time
  // of v1. Errors are the signer's.
  Result<tlog::Entry> append(const Leaf& leaf, Time at);
  // An entry that is there, proven in the tree of the first `size` entries; Code::not_found otherwise.
  Result<tlog::Entry> entry(std::uint64_t tree_index, std::uint64_t size);

  [[nodiscard]] std::uint64_t size() const { return tree_.size(); }
  [[nodiscard]] const tlog::MerkleTree& tree() const { return tree_; }
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] const LogOptions& options() const { return options_; }
  // Signed, of the first `size` entries.
  Result<std::string> checkpoint(std::uint64_t size);

  // As a trusted root lists it. Errors are trust::key_details_of's.
  [[nodiscard]] Result<trust::Log> describe(const trust::TimeRange& valid) const;

 private:
  struct Listed {
    Leaf leaf;
    std::int64_t integrated_time = 0;
  };

  Result<Bytes> sign(std::string_view text);

  LogOptions options_;
  crypto::Signer* signer_;
  tlog::MerkleTree tree_;
  std::vector<Listed> entries_;
};

}  // namespace sigstore::authority::log
