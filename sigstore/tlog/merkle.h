// Merkle trees of transparency logs (RFC 6962 section 2, RFC 9162 section 2.1), SHA-256.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::tlog {

Bytes leaf_hash(BytesView leaf);                   // SHA-256(0x00 || leaf)
Bytes node_hash(BytesView left, BytesView right);  // SHA-256(0x01 || left || right)
Bytes empty_root();                                // SHA-256 of nothing

// Code::mismatch when the proof does not lead to `root`, or has not as many hashes as the tree demands;
// Code::malformed when a hash of it, or the leaf's, has not 32 bytes. Any index and size may be asked.
Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, BytesView leaf_hash,
                              std::span<const Bytes> proof, BytesView root);
// That the tree of `size2` begins with all of the tree of `size1`. The same codes; a size1 of 0 proves
// nothing and is Code::invalid_argument, as is one above size2.
Result<void> verify_consistency(std::uint64_t size1, std::uint64_t size2, std::span<const Bytes> proof,
                                BytesView root1, BytesView root2);

// A tree in memory, for a log that issues and for tests. Appending costs O(log n) hashes. What is asked of
// leaves that are not there is answered with nothing: an empty root, no hashes. No consistency is proved of
// the empty tree.
class MerkleTree {
 public:
  std::uint64_t append(BytesView leaf_hash);  // 32 bytes; its index
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] Bytes root() const { return root(size()); }
  [[nodiscard]] Bytes root(std::uint64_t size) const;  // of the first `size` leaves
  [[nodiscard]] std::vector<Bytes> inclusion_proof(std::uint64_t index, std::uint64_t size) const;
  [[nodiscard]] std::vector<Bytes> consistency_proof(std::uint64_t size1, std::uint64_t size2) const;

 private:
  [[nodiscard]] Bytes hash_of(std::uint64_t begin, std::uint64_t end) const;

  std::vector<std::vector<Bytes>> levels_;  // complete nodes of each level
};

}  // namespace sigstore::tlog
