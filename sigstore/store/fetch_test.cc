#include "sigstore/store/fetch.h"

#include <gtest/gtest.h>

#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::store {
namespace {

using remote::testing::Call;

class FetchTest : public testing::Test {
 protected:
  oci::Descriptor blob(const std::string& content) { return registry.add_blob(repository, content); }
  std::vector<std::string> fetched(const std::vector<oci::Descriptor>& blobs, std::size_t most = 1000) {
    std::vector<std::string> out;
    for (const auto& content : fetch_blobs(registry, repository, blobs, most))
      out.push_back(content ? *content : name(content.error().code));
    return out;
  }
  using Texts = std::vector<std::string>;

  const oci::Repository repository{"r.example", "app"};
  remote::testing::MemoryRegistry registry;
};

TEST_F(FetchTest, KeepsTheOrder) {
  EXPECT_EQ(fetched({blob("one"), blob("two"), blob("three")}), (Texts{"one", "two", "three"}));
  EXPECT_EQ(fetched({}), Texts{});
}

TEST_F(FetchTest, TheSameBlobIsAskedForOnce) {
  const auto one = blob("one");
  EXPECT_EQ(fetched({one, one, blob("two"), one}), (Texts{"one", "one", "two", "one"}));
  EXPECT_EQ(registry.count(Call::blob), 2);
}

// A digest with another size is another claim: one of the two is a lie, and is found to be one.
TEST_F(FetchTest, TheSameDigestWithAnotherSizeIsAskedForAgain) {
  const auto one = blob("one");
  auto lie = one;
  lie.size = 4;
  EXPECT_EQ(fetched({lie, one}), (Texts{"mismatch", "one"}));
}

TEST_F(FetchTest, TheNewestFitFirst) {
  EXPECT_EQ(fetched({blob("12345"), blob("123"), blob("abcde"), blob("xy")}, 10),
            (Texts{"too_large", "123", "abcde", "xy"}));
  EXPECT_EQ(registry.count(Call::blob), 3) << "what does not fit costs no request";
}

// A thousand layers may name one large payload: each of them is a copy.
TEST_F(FetchTest, AnEqualBlobCountsEachTime) {
  const auto blob_of_five = blob("12345");
  EXPECT_EQ(fetched({blob_of_five, blob_of_five, blob_of_five}, 12), (Texts{"too_large", "12345", "12345"}));
  EXPECT_EQ(registry.count(Call::blob), 1);
}

// A size near 2^64 must not wrap round.
TEST_F(FetchTest, AHugeSizeDoesNotFit) {
  auto huge = blob("x");
  huge.size = UINT64_MAX;
  EXPECT_EQ(fetched({blob("one"), huge, blob("two")}, 10), (Texts{"one", "too_large", "two"}));
}

TEST_F(FetchTest, OneThatFailsDoesNotStopTheOthers) {
  auto missing = blob("x");
  missing.digest = oci::Digest::sha256("missing");
  EXPECT_EQ(fetched({blob("one"), missing, blob("two")}), (Texts{"one", "not_found", "two"}));
}

}  // namespace
}  // namespace sigstore::store
