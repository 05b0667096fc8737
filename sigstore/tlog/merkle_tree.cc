// The tree of a log that issues: RFC 6962, section 2.1, over nodes that are kept once they are complete.
#include <algorithm>
#include <bit>

#include "sigstore/tlog/merkle.h"

namespace sigstore::tlog {
namespace {

// How many leaves the left side of a tree of n > 1 has: the largest power of two below n.
std::uint64_t left_of(std::uint64_t n) {
  return std::bit_floor(n - 1);
}

}  // namespace

std::uint64_t MerkleTree::append(BytesView leaf_hash) {
  const std::uint64_t index = size();
  Bytes hash(leaf_hash.begin(), leaf_hash.end());
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& nodes = levels_[level];
    nodes.push_back(std::move(hash));
    if (nodes.size() % 2 != 0) return index;
    hash = node_hash(nodes[nodes.size() - 2], nodes.back());
  }
}

std::uint64_t MerkleTree::size() const {
  return levels_.empty() ? 0 : levels_[0].size();
}

// Of leaves that are there; `begin` is a multiple of the power of two that is not below end - begin.
Bytes MerkleTree::hash_of(std::uint64_t begin, std::uint64_t end) const {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count)) {
    const auto level = static_cast<std::size_t>(std::countr_zero(count));
    return levels_[level][begin >> level];
  }
  const std::uint64_t middle = begin + left_of(count);
  return node_hash(hash_of(begin, middle), hash_of(middle, end));
}

Bytes MerkleTree::root(std::uint64_t size) const {
  if (size > this->size()) return {};
  return size == 0 ? empty_root() : hash_of(0, size);
}

std::vector<Bytes> MerkleTree::inclusion_proof(std::uint64_t index, std::uint64_t size) const {
  std::vector<Bytes> proof;
  if (size > this->size() || index >= size) return proof;
  for (std::uint64_t begin = 0, end = size; end - begin > 1;) {
    const std::uint64_t middle = begin + left_of(end - begin);
    const bool left = index < middle;
    proof.push_back(left ? hash_of(middle, end) : hash_of(begin, middle));
    (left ? end : begin) = middle;
  }
  std::ranges::reverse(proof);
  return proof;
}

std::vector<Bytes> MerkleTree::consistency_proof(std::uint64_t size1, std::uint64_t size2) const {
  std::vector<Bytes> proof;
  if (size2 > size() || size1 == 0 || size1 >= size2) return proof;
  std::uint64_t begin = 0, end = size2;
  while (size1 != end) {
    const std::uint64_t middle = begin + left_of(end - begin);
    const bool left = size1 <= middle;
    proof.push_back(left ? hash_of(middle, end) : hash_of(begin, middle));
    (left ? end : begin) = middle;
  }
  if (begin != 0) proof.push_back(hash_of(begin, end));
  std::ranges::reverse(proof);
  return proof;
}

}  // namespace sigstore::tlog
