// A proof is accepted where it is the tree's own and nowhere else, and nothing that is claimed overflows.
//
// The input: sizes and an index of a byte each, which byte of the proof is changed and how, two 64-bit
// numbers, and hashes.
#include <array>
#include <cstdlib>
#include <cstring>

#include "sigstore/tlog/merkle.h"

using namespace sigstore;
using namespace sigstore::tlog;

namespace {

constexpr std::size_t most = 65, header = 5 + 16;

void require(bool holds) {
  if (!holds) std::abort();
}

const MerkleTree& tree() {
  static const MerkleTree tree = [] {
    MerkleTree out;
    for (std::uint8_t i = 0; i < most; ++i) out.append(leaf_hash(Bytes{i}));
    return out;
  }();
  return tree;
}

// Whether it is changed.
bool change(std::vector<Bytes>& proof, std::uint8_t where, std::uint8_t how) {
  if (proof.empty() || how == 0) return false;
  proof[where % proof.size()][where % 32] ^= how;
  return true;
}

void check_own(std::uint64_t size, std::uint64_t other, std::uint64_t index, const std::uint8_t* damage) {
  auto proof = tree().inclusion_proof(index, size);
  const bool damaged = change(proof, damage[0], damage[1]);
  const auto result = verify_inclusion(index, size, leaf_hash(Bytes{static_cast<std::uint8_t>(index)}), proof,
                                       tree().root(size));
  require(result.has_value() == !damaged);
  auto consistency = tree().consistency_proof(other, size);
  const bool changed = change(consistency, damage[0], damage[1]);
  const auto begins = verify_consistency(other, size, consistency, tree().root(other), tree().root(size));
  require(begins.has_value() == !changed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < header) return 0;
  const std::uint64_t leaves = 1 + data[0] % most;
  check_own(leaves, 1 + data[1] % leaves, data[2] % leaves, data + 3);
  std::array<std::uint64_t, 2> numbers{};
  std::memcpy(numbers.data(), data + 5, sizeof numbers);
  std::vector<Bytes> proof;
  for (std::size_t at = header; at + 32 <= size; at += 32) proof.emplace_back(data + at, data + at + 32);
  const Bytes root = tree().root();
  // Nobody finds a proof that leads to this root.
  require(numbers[1] <= most || !verify_inclusion(numbers[0], numbers[1], leaf_hash({}), proof, root));
  const auto begins = verify_consistency(numbers[0], numbers[1], proof, root, empty_root());
  require(!begins);
  return 0;
}
