#include "sigstore/tlog/merkle.h"

#include <algorithm>
#include <array>
#include <bit>

#include "sigstore/crypto/hash.h"

namespace sigstore::tlog {
namespace {

constexpr std::size_t hash_bytes = 32;

std::unexpected<Error> wrong_count(std::string_view what) {
  return fail(Code::mismatch,
              "the " + std::string(what) + " proof has not as many hashes as the tree demands");
}

Result<void> check_sizes(std::span<const Bytes> proof, std::string_view what) {
  for (const Bytes& hash : proof) {
    if (hash.size() != hash_bytes) {
      return fail(Code::malformed, "a hash of the " + std::string(what) + " proof has " +
                                       std::to_string(hash.size()) + " bytes and not 32");
    }
  }
  return {};
}

// Where a proof stands in the tree: a node of one level, and the last node of that level (RFC 9162, 2.1.3.2).
struct Walk {
  std::uint64_t node, last;

  // Whether the next hash of the proof belongs to the left of the node. Steps up past levels where the node
  // has nothing to its right, and then to the parent.
  bool step() {
    const bool left = (node & 1) != 0 || node == last;
    if (left) {
      while ((node & 1) == 0 && node != 0) up();
    }
    up();
    return left;
  }
  void up() {
    node >>= 1;
    last >>= 1;
  }
};

Result<void> same_size(std::span<const Bytes> proof, BytesView root1, BytesView root2) {
  if (!proof.empty()) return wrong_count("consistency");
  if (!std::ranges::equal(root1, root2))
    return fail(Code::mismatch, "two trees of one size have not one root");
  return {};
}

}  // namespace

Bytes leaf_hash(BytesView leaf) {
  constexpr std::uint8_t prefix = 0;
  crypto::Hasher hasher(crypto::HashAlgorithm::sha256);
  hasher.update({&prefix, 1});
  hasher.update(leaf);
  return hasher.finish();
}

Bytes node_hash(BytesView left, BytesView right) {
  if (left.size() != hash_bytes || right.size() != hash_bytes) return {};
  std::array<std::uint8_t, 1 + 2 * hash_bytes> both{1};
  std::ranges::copy(right, std::ranges::copy(left, both.begin() + 1).out);
  return crypto::sha256(both);
}

Bytes empty_root() {
  return crypto::sha256({});
}

Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, BytesView leaf_hash,
                              std::span<const Bytes> proof, BytesView root) {
  if (index >= size) {
    return fail(Code::mismatch, "there is no entry " + std::to_string(index) + " in a tree of " +
                                    std::to_string(size) + " entries");
  }
  if (leaf_hash.size() != hash_bytes) return fail(Code::malformed, "the hash of the leaf has not 32 bytes");
  TRY_OK(check_sizes(proof, "inclusion"));
  Walk walk{index, size - 1};
  Bytes hash(leaf_hash.begin(), leaf_hash.end());
  for (const Bytes& sibling : proof) {
    if (walk.last == 0) return wrong_count("inclusion");
    hash = walk.step() ? node_hash(sibling, hash) : node_hash(hash, sibling);
  }
  if (walk.last != 0) return wrong_count("inclusion");
  if (!std::ranges::equal(hash, root)) {
    return fail(Code::mismatch, "the inclusion proof does not lead to the root hash");
  }
  return {};
}

Result<void> verify_consistency(std::uint64_t size1, std::uint64_t size2, std::span<const Bytes> proof,
                                BytesView root1, BytesView root2) {
  if (size1 == 0) return fail(Code::invalid_argument, "nothing is consistent with a tree without entries");
  if (size1 > size2) {
    return fail(Code::invalid_argument, "a tree of " + std::to_string(size2) +
                                            " entries does not begin with one of " + std::to_string(size1));
  }
  TRY_OK(check_sizes(proof, "consistency"));
  if (size1 == size2) return same_size(proof, root1, root2);
  Walk walk{size1 - 1, size2 - 1};
  while ((walk.node & 1) != 0) walk.up();
  // Of a whole tree of 2^n leaves the first hash is its root, which is known.
  const bool whole = std::has_single_bit(size1);
  if (!whole && proof.empty()) return wrong_count("consistency");
  Bytes hash1 = whole ? Bytes(root1.begin(), root1.end()) : proof.front();
  Bytes hash2 = hash1;
  for (const Bytes& sibling : proof.subspan(whole ? 0 : 1)) {
    if (walk.last == 0) return wrong_count("consistency");
    if (walk.step()) {
      hash1 = node_hash(sibling, hash1);
      hash2 = node_hash(sibling, hash2);
    } else {
      hash2 = node_hash(hash2, sibling);
    }
  }
  if (walk.last != 0) return wrong_count("consistency");
  if (!std::ranges::equal(hash1, root1)) {
    return fail(Code::mismatch, "the consistency proof does not lead to the earlier root hash");
  }
  if (!std::ranges::equal(hash2, root2)) {
    return fail(Code::mismatch, "the consistency proof does not lead to the later root hash");
  }
  return {};
}

}  // namespace sigstore::tlog
