#include "sigstore/tlog/merkle.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"

namespace sigstore::tlog {
namespace {

namespace json = codec::json;

constexpr std::uint64_t greatest = std::numeric_limits<std::uint64_t>::max();

Bytes leaf(std::uint64_t number) {
  return leaf_hash(as_bytes("leaf " + std::to_string(number)));
}

MerkleTree tree_of(std::uint64_t size) {
  MerkleTree tree;
  for (std::uint64_t i = 0; i < size; ++i) EXPECT_EQ(tree.append(leaf(i)), i);
  return tree;
}

// RFC 6962, section 2.1, word for word.
Bytes root_of(std::uint64_t begin, std::uint64_t end) {
  if (begin == end) return empty_root();
  if (end - begin == 1) return leaf(begin);
  std::uint64_t middle = 1;
  while (middle * 2 < end - begin) middle *= 2;
  return node_hash(root_of(begin, begin + middle), root_of(begin + middle, end));
}

TEST(Merkle, HashesAreThoseOfTheRfc) {
  EXPECT_EQ(codec::hex::encode(empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(codec::hex::encode(leaf_hash({})),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(codec::hex::encode(node_hash(leaf_hash({}), leaf_hash(Bytes{0}))),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  EXPECT_TRUE(node_hash(Bytes(31), Bytes(32)).empty());
  EXPECT_TRUE(node_hash(Bytes(32), Bytes(33)).empty());
}

TEST(Merkle, EveryRootOfATreeIsThatOfTheRfc) {
  const auto tree = tree_of(70);
  for (std::uint64_t size = 0; size <= tree.size(); ++size)
    EXPECT_EQ(tree.root(size), root_of(0, size)) << size;
  EXPECT_EQ(tree.root(), tree.root(70));
}

TEST(Merkle, EveryInclusionIsProvedAndNoOther) {
  const auto tree = tree_of(34);
  for (std::uint64_t size = 1; size <= tree.size(); ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = tree.inclusion_proof(index, size);
      EXPECT_TRUE(verify_inclusion(index, size, leaf(index), proof, tree.root(size))) << index << "/" << size;
      for (std::uint64_t other = 0; other < size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion(other, size, leaf(index), proof, tree.root(size)));
        EXPECT_FALSE(verify_inclusion(index, size, leaf(other), proof, tree.root(size)));
      }
    }
  }
}

TEST(Merkle, EveryConsistencyIsProvedAndNoOther) {
  const auto tree = tree_of(34);
  for (std::uint64_t size2 = 1; size2 <= tree.size(); ++size2) {
    for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
      const auto proof = tree.consistency_proof(size1, size2);
      EXPECT_TRUE(verify_consistency(size1, size2, proof, tree.root(size1), tree.root(size2)))
          << size1 << "/" << size2;
      for (std::uint64_t other = 1; other <= size2; ++other) {
        if (other == size1) continue;
        EXPECT_FALSE(verify_consistency(size1, size2, proof, tree.root(other), tree.root(size2)));
        EXPECT_FALSE(verify_consistency(other, size2, proof, tree.root(size1), tree.root(size2)));
      }
    }
  }
}

TEST(Merkle, AProofThatIsOneBitOffLeadsElsewhere) {
  const auto tree = tree_of(13);
  for (std::uint64_t index = 0; index < 13; ++index) {
    const auto proof = tree.inclusion_proof(index, 13);
    for (std::size_t bit = 0; bit < proof.size() * 256; bit += 37) {
      auto damaged = proof;
      damaged[bit / 256][bit % 256 / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      const auto result = verify_inclusion(index, 13, leaf(index), damaged, tree.root());
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().message, "the inclusion proof does not lead to the root hash");
    }
  }
}

TEST(Merkle, RefusalsSayWhatIsWrong) {
  const auto tree = tree_of(7);
  auto proof = tree.inclusion_proof(2, 7);
  const auto message = [](const Result<void>& result) {
    return result ? "accepted" : std::string(name(result.error().code)) + ": " + result.error().message;
  };
  EXPECT_EQ(message(verify_inclusion(7, 7, leaf(2), proof, tree.root())),
            "mismatch: there is no entry 7 in a tree of 7 entries");
  EXPECT_EQ(message(verify_inclusion(2, 7, Bytes(31), proof, tree.root())),
            "malformed: the hash of the leaf has not 32 bytes");
  proof[1].push_back(0);
  EXPECT_EQ(message(verify_inclusion(2, 7, leaf(2), proof, tree.root())),
            "malformed: a hash of the inclusion proof has 33 bytes and not 32");
  proof.pop_back();
  proof.pop_back();
  EXPECT_EQ(message(verify_inclusion(2, 7, leaf(2), proof, tree.root())),
            "mismatch: the inclusion proof has not as many hashes as the tree demands");
  EXPECT_EQ(message(verify_consistency(3, 7, {}, tree.root(3), tree.root())),
            "mismatch: the consistency proof has not as many hashes as the tree demands");
  EXPECT_EQ(message(verify_consistency(0, 7, {}, tree.root(0), tree.root())),
            "invalid_argument: nothing is consistent with a tree without entries");
  EXPECT_EQ(message(verify_consistency(8, 7, {}, tree.root(7), tree.root())),
            "invalid_argument: a tree of 7 entries does not begin with one of 8");
  EXPECT_EQ(message(verify_consistency(7, 7, {}, tree.root(6), tree.root(7))),
            "mismatch: two trees of one size have not one root");
  const auto consistency = tree.consistency_proof(3, 7);
  EXPECT_EQ(message(verify_consistency(3, 7, consistency, tree.root(4), tree.root())),
            "mismatch: the consistency proof does not lead to the earlier root hash");
  EXPECT_EQ(message(verify_consistency(3, 7, consistency, tree.root(3), tree.root(6))),
            "mismatch: the consistency proof does not lead to the later root hash");
}

TEST(Merkle, TheLargestSizesOverflowNothing) {
  // The last leaf but one of 2^64 - 2: a leaf to its right, and from there on only trees to its left.
  const std::uint64_t size = greatest - 1, index = size - 2;
  std::vector<Bytes> proof;
  Bytes hash = leaf(0);
  for (std::uint64_t level = 0; level < 63; ++level) {
    proof.push_back(leaf(level + 1));
    hash = level == 0 ? node_hash(hash, proof.back()) : node_hash(proof.back(), hash);
  }
  EXPECT_TRUE(verify_inclusion(index, size, leaf(0), proof, hash));
  proof.push_back(leaf(100));
  EXPECT_FALSE(verify_inclusion(index, size, leaf(0), proof, hash));
  EXPECT_FALSE(verify_inclusion(greatest, greatest, leaf(0), proof, hash));
  EXPECT_FALSE(verify_inclusion(greatest - 1, greatest, leaf(0), {}, hash));
  EXPECT_FALSE(verify_inclusion(0, greatest, leaf(0), std::vector<Bytes>(63, leaf(1)), hash));
  EXPECT_FALSE(verify_consistency(greatest - 1, greatest, proof, hash, hash));
  EXPECT_FALSE(verify_consistency(std::uint64_t{1} << 63, greatest, proof, hash, hash));
  EXPECT_TRUE(verify_consistency(greatest, greatest, {}, hash, hash));
}

TEST(Merkle, ATreeAnswersNothingAboutLeavesThatAreNotThere) {
  const auto tree = tree_of(5);
  EXPECT_TRUE(tree.root(6).empty());
  EXPECT_TRUE(tree.root(greatest).empty());
  EXPECT_TRUE(tree.inclusion_proof(5, 5).empty());
  EXPECT_TRUE(tree.inclusion_proof(0, 6).empty());
  EXPECT_TRUE(tree.inclusion_proof(greatest, greatest).empty());
  EXPECT_TRUE(tree.consistency_proof(0, 5).empty());
  EXPECT_TRUE(tree.consistency_proof(5, 5).empty());
  EXPECT_TRUE(tree.consistency_proof(3, 6).empty());
  EXPECT_TRUE(tree.consistency_proof(5, 3).empty());
  EXPECT_EQ(MerkleTree().root(), empty_root());
}

// --- vectors: SIGSTORE_VECTORS

Bytes unbase64(const json::Value& value) {
  return codec::base64::decode(*value.string()).value_or(Bytes());
}

std::vector<Bytes> proof_of(const json::Value& vector) {
  std::vector<Bytes> proof;
  if (const auto* hashes = vector.get("proof")->array()) {
    for (const auto& hash : *hashes) proof.push_back(unbase64(hash));
  }
  return proof;
}

bool inclusion_holds(const json::Value& vector) {
  return verify_inclusion(*vector.get("leafIdx")->to_uint64(), *vector.get("treeSize")->to_uint64(),
                          unbase64(*vector.get("leafHash")), proof_of(vector), unbase64(*vector.get("root")))
      .has_value();
}

bool consistency_holds(const json::Value& vector) {
  return verify_consistency(*vector.get("size1")->to_uint64(), *vector.get("size2")->to_uint64(),
                            proof_of(vector), unbase64(*vector.get("root1")), unbase64(*vector.get("root2")))
      .has_value();
}

void run_vectors(const std::string& kind, bool (*holds)(const json::Value&), int least) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  int tried = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(*vectors + "/merkle/" + kind)) {
    if (!file.is_regular_file()) continue;
    const auto path = file.path().string();
    const auto vector = json::parse(fakes::read_testdata(path), path);
    ASSERT_TRUE(vector) << vector.error().text();
    EXPECT_EQ(holds(*vector), !*vector->get("wantErr")->boolean()) << file.path();
    ++tried;
  }
  EXPECT_GE(tried, least);
}

TEST(MerkleVectors, Inclusion) {
  run_vectors("inclusion", inclusion_holds, 90);
}

TEST(MerkleVectors, Consistency) {
  run_vectors("consistency", consistency_holds, 90);
}

}  // namespace
}  // namespace sigstore::tlog
