#include "sigstore/bundle/upgrade.h"

#include <gtest/gtest.h>

#include "sigstore/tlog/merkle.h"

namespace sigstore::bundle {
namespace {

// An entry, third of four, as an old bundle has it and as its log answers for it.
class UpgradeTest : public ::testing::Test {
 protected:
  tlog::Entry old, answered;

  UpgradeTest() {
    old.log_index = 7;
    old.log_id = Bytes(32, 1);
    old.kind = "hashedrekord";
    old.version = "0.0.1";
    old.integrated_time = 1700000000;
    old.signed_entry_timestamp = to_bytes("old promise");
    old.body = R"({"kind":"hashedrekord"})";
    answered = old;
    answered.signed_entry_timestamp = to_bytes("new promise");
    tlog::MerkleTree tree;
    for (const char* leaf : {"a", "b", old.body.c_str(), "d"}) tree.append(tlog::leaf_hash(as_bytes(leaf)));
    answered.proof = tlog::InclusionProof{2, 4, tree.root(), tree.inclusion_proof(2, 4), "note"};
  }
  template <typename Change>
  Code refused(Change change) {
    tlog::Entry entry = old, other = answered;
    change(other);
    const auto taken = take_proof(entry, other);
    EXPECT_EQ(entry, old) << "nothing changed";
    return taken ? Code::internal : taken.error().code;
  }
};

TEST_F(UpgradeTest, TheProofIsTakenAndThePromiseKept) {
  EXPECT_TRUE(lacks_proof(old));
  tlog::Entry entry = old;
  ASSERT_TRUE(take_proof(entry, answered));
  EXPECT_FALSE(lacks_proof(entry));
  EXPECT_EQ(entry.proof, answered.proof);
  EXPECT_EQ(entry.signed_entry_timestamp, to_bytes("old promise"));
}

TEST_F(UpgradeTest, AProofWithoutACheckpointIsNone) {
  tlog::Entry entry = old;
  entry.proof = answered.proof;
  entry.proof->checkpoint.clear();
  EXPECT_TRUE(lacks_proof(entry));
  ASSERT_TRUE(take_proof(entry, answered));
  EXPECT_EQ(entry.proof->checkpoint, "note");
}

TEST_F(UpgradeTest, AKindThatWasNotNamedIsTaken) {
  tlog::Entry entry = old;
  entry.kind.clear();
  entry.version.clear();
  ASSERT_TRUE(take_proof(entry, answered));
  EXPECT_EQ(entry.kind + entry.version, "hashedrekord0.0.1");
}

TEST_F(UpgradeTest, AnotherEntryIsNoAnswer) {
  using tlog::Entry;
  EXPECT_EQ(refused([](Entry& e) { e.log_index = 8; }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.log_id[0] = 2; }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.body = "d"; }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.integrated_time += 1; }), Code::mismatch);
}

TEST_F(UpgradeTest, AProofThatProvesNothingIsRefused) {
  using tlog::Entry;
  EXPECT_EQ(refused([](Entry& e) { e.proof.reset(); }), Code::not_found);
  EXPECT_EQ(refused([](Entry& e) { e.proof->checkpoint.clear(); }), Code::not_found);
  EXPECT_EQ(refused([](Entry& e) { e.proof->hashes[0][0] ^= 1; }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.proof->hashes.pop_back(); }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.proof->root_hash[31] ^= 1; }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.proof->log_index = 3; }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.proof->tree_size = 9; }), Code::mismatch);
  EXPECT_EQ(refused([](Entry& e) { e.proof->hashes[0].pop_back(); }), Code::malformed);
}

}  // namespace
}  // namespace sigstore::bundle
