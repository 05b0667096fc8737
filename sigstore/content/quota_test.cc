#include "sigstore/content/quota.h"

#include <gtest/gtest.h>

#include <thread>

#include "sigstore/content/memory.h"

namespace sigstore::content {
namespace {

std::unique_ptr<LimitedStore> limited(Quota quota, std::unique_ptr<Store> inner = make_memory()) {
  return std::move(*LimitedStore::make(std::move(inner), quota));
}

Code put(Store& store, const std::string& text) {
  const auto done = store.put(oci::Digest::sha256(text), text);
  return done ? Code::internal : done.error().code;
}
constexpr Code done = Code::internal;

TEST(Quota, OneContentIsBounded) {
  const auto store = limited({.one = 10});
  EXPECT_EQ(put(*store, std::string(10, 'a')), done);
  EXPECT_EQ(put(*store, std::string(11, 'b')), Code::too_large);
  auto writer = store->begin().value();
  EXPECT_TRUE(writer->write(as_bytes("123456")));
  EXPECT_EQ(writer->write(as_bytes("12345")).error().code, Code::too_large) << "in pieces, too";
  EXPECT_EQ(store->admit(11).error().code, Code::too_large);
  EXPECT_TRUE(store->admit(10));
}

TEST(Quota, AllContentsAreAndTheSameOneCountsOnce) {
  const auto store = limited({.all = 20});
  EXPECT_EQ(put(*store, std::string(10, 'a')), done);
  EXPECT_EQ(put(*store, std::string(10, 'a')), done);
  EXPECT_EQ(store->used(), 10U);
  EXPECT_EQ(put(*store, std::string(11, 'b')), Code::disk_full);
  EXPECT_EQ(store->used(), 10U) << "nothing is left of what was refused";
  EXPECT_EQ(store->admit(11).error().code, Code::disk_full);
  ASSERT_TRUE(store->remove(oci::Digest::sha256(std::string(10, 'a'))));
  EXPECT_EQ(put(*store, std::string(11, 'b')), done);
}

TEST(Quota, WhatIsBeingWrittenCountsUntilItIsGivenUp) {
  const auto store = limited({.all = 20});
  auto first = store->begin().value();
  ASSERT_TRUE(first->write(as_bytes(std::string(15, 'a'))));
  EXPECT_EQ(put(*store, std::string(6, 'b')), Code::disk_full);
  EXPECT_EQ(first->commit(oci::Digest::sha256("another")).error().code, Code::mismatch);
  first.reset();
  EXPECT_EQ(store->used(), 0U);
  EXPECT_EQ(put(*store, std::string(6, 'b')), done);
}

TEST(Quota, WhatIsThereAtTheStartCounts) {
  auto memory = make_memory();
  ASSERT_EQ(put(*memory, std::string(15, 'a')), done);
  const auto store = limited({.all = 20}, std::move(memory));
  EXPECT_EQ(store->used(), 15U);
  EXPECT_EQ(put(*store, std::string(6, 'b')), Code::disk_full);
  EXPECT_EQ(put(*store, std::string(5, 'b')), done);
}

TEST(Quota, ManyAtOnceNeverExceedIt) {
  const auto store = limited({.all = 5000});
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        for (int n = 0; n < 100; ++n)
          put(*store, std::to_string(i % 4) + std::string(100, 'x') + std::to_string(n));
      });
  }
  EXPECT_LE(store->used(), 5000U);
  std::uint64_t there = 0;
  const auto digests = store->list(1000).value();
  for (const auto& digest : digests) there += store->size(digest).value();
  EXPECT_EQ(store->used(), there);
}

}  // namespace
}  // namespace sigstore::content
