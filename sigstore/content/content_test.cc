#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/content/check.h"
#include "sigstore/content/folder.h"
#include "sigstore/content/memory.h"
#include "sigstore/content/store.h"

namespace sigstore::content {
namespace {

const std::string text = "the content, of more than one chunk";
const oci::Digest digest = oci::Digest::sha256(text);
const oci::Digest other = oci::Digest::sha256("other");
// What every Store must do, whatever holds the content.
class StoreTest : public testing::TestWithParam<std::string> {
 protected:
  StoreTest()
      : store(GetParam() == "memory" ? make_memory() : make_folder(fake.files, &fake.random, "root")) {}

  std::string read_through(std::uint64_t offset = 0) {
    auto reader = store->open(digest, offset);
    if (!reader) return reader.error().text();
    std::string out;
    std::array<std::uint8_t, 7> chunk{};
    for (;;) {
      const auto got = (*reader)->read(chunk);
      if (!got) return got.error().text();
      if (*got == 0) return out;
      out.append(as_text(std::span(chunk).first(*got)));
    }
  }
  Result<std::unique_ptr<Writer>> begun(std::string_view content) {
    auto writer = store->begin();
    if (writer) {
      EXPECT_TRUE((*writer)->write(as_bytes(content)));
    }
    return writer;
  }

  fakes::FakeEnv fake;
  std::unique_ptr<Store> store;
};
INSTANTIATE_TEST_SUITE_P(Of, StoreTest, testing::Values("memory", "folder"),
                         [](const auto& test) { return test.param; });

TEST_P(StoreTest, KeepsContentUnderItsDigest) {
  ASSERT_TRUE(store->put(digest, text));
  EXPECT_EQ(*store->size(digest), text.size());
  EXPECT_EQ(**store->read(digest, text.size()), text);
  EXPECT_EQ(store->read(digest, text.size() - 1).error().code, Code::too_large);
  EXPECT_EQ(read_through(), text);
  EXPECT_EQ(read_through(5), text.substr(5));
  EXPECT_EQ(read_through(text.size()), "");
  EXPECT_EQ(store->open(digest, text.size() + 1).error().code, Code::invalid_argument);
  EXPECT_TRUE(store->put(digest, text)) << "the same again is nothing new";
  EXPECT_EQ(*store->list(10), std::vector{digest});
}

TEST_P(StoreTest, KeepsEmptyContent) {
  const auto empty = oci::Digest::sha256("");
  ASSERT_TRUE(store->put(empty, ""));
  EXPECT_EQ(**store->read(empty, 0), "");
  std::array<std::uint8_t, 4> chunk{};
  EXPECT_EQ(*(*store->open(empty))->read(chunk), 0u);
}

// Around the sizes at which a store may keep content in another way.
TEST_P(StoreTest, KeepsContentOfAnySize) {
  const std::size_t sizes[] = {limits::mib - 1,
                               limits::mib,
                               limits::mib + 1,
                               limits::manifest_bytes,
                               limits::manifest_bytes + 1,
                               5 * limits::mib + 12345};
  for (const auto size : sizes) {
    std::string large(size, '\0');
    for (std::size_t i = 0; i < size; ++i) large[i] = static_cast<char>(i * 7919 >> 8);
    const auto name = oci::Digest::sha256(large);
    auto writer = *store->begin();
    for (std::size_t at = 0; at < size; at += 100'003)
      ASSERT_TRUE(writer->write(as_bytes(std::string_view(large).substr(at, 100'003))));
    ASSERT_TRUE(writer->commit(name));
    EXPECT_EQ(*store->size(name), size);
    EXPECT_TRUE(**store->read(name, size) == large) << size;
    for (const std::size_t offset : {std::size_t(0), limits::mib - 3, size - 2}) {
      const auto reader = *store->open(name, offset);
      std::string got(size + 10, 'x');
      const auto count = *reader->read({reinterpret_cast<std::uint8_t*>(got.data()), got.size()});
      EXPECT_TRUE(std::string_view(got).substr(0, count) == std::string_view(large).substr(offset)) << size;
    }
    const auto skipped = *store->open(name);
    ASSERT_TRUE(skipped->skip(limits::mib - 2));
    std::array<std::uint8_t, 1> byte{};
    ASSERT_EQ(*skipped->read(byte), 1U);
    EXPECT_EQ(byte[0], static_cast<std::uint8_t>(large[limits::mib - 2]));
  }
}

TEST_P(StoreTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(store->size(digest).error().code, Code::not_found);
  EXPECT_EQ(store->read(digest, 100).error().code, Code::not_found);
  EXPECT_EQ(store->open(digest).error().code, Code::not_found);
  EXPECT_EQ(store->remove(digest).error().code, Code::not_found);
  EXPECT_TRUE(store->list(10)->empty());
}

TEST_P(StoreTest, AWrongDigestMakesNothingVisible) {
  auto writer = *begun(text);
  EXPECT_EQ(writer->size(), text.size());
  const auto wrong = writer->commit(other);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::mismatch);
  EXPECT_NE(wrong.error().text().find(digest.text()), std::string::npos);
  EXPECT_NE(wrong.error().text().find(other.text()), std::string::npos);
  writer.reset();
  EXPECT_TRUE(store->list(10)->empty());
  EXPECT_EQ(store->size(other).error().code, Code::not_found);
}

TEST_P(StoreTest, NothingIsLeftOfAWriterThatWasGivenUp) {
  begun(text)->reset();
  EXPECT_TRUE(store->list(10)->empty());
  EXPECT_EQ(store->size(digest).error().code, Code::not_found);
  for (const auto& path : fake.files.paths()) EXPECT_FALSE(path.starts_with("root/")) << path;
}

TEST_P(StoreTest, NothingIsVisibleBeforeCommit) {
  auto writer = *begun(text);
  EXPECT_EQ(store->size(digest).error().code, Code::not_found);
  EXPECT_TRUE(writer->commit(digest));
  EXPECT_EQ(*store->size(digest), text.size());
}

// A writer that began for one algorithm reads its bytes again for the other.
TEST_P(StoreTest, BothAlgorithms) {
  const auto long_digest = *oci::Digest::parse(
      "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  auto writer = *begun("abc");
  ASSERT_TRUE(writer->commit(long_digest));
  EXPECT_EQ(**store->read(long_digest, 3), "abc");
  EXPECT_EQ(*store->list(10), std::vector{long_digest});
  EXPECT_EQ(begun("abd").value()->commit(long_digest).error().code, Code::mismatch);
}

TEST_P(StoreTest, RemoveTakesItAway) {
  ASSERT_TRUE(store->put(digest, text));
  ASSERT_TRUE(store->remove(digest));
  EXPECT_EQ(store->read(digest, 100).error().code, Code::not_found);
  EXPECT_TRUE(store->put(digest, text));
}

TEST_P(StoreTest, ListIsSortedAndBounded) {
  std::vector<oci::Digest> expected;
  for (int i = 0; i < 5; ++i) {
    const auto content = std::to_string(i);
    expected.push_back(oci::Digest::sha256(content));
    ASSERT_TRUE(store->put(expected.back(), content));
  }
  std::ranges::sort(expected);
  EXPECT_EQ(*store->list(5), expected);
  EXPECT_EQ(store->list(4).error().code, Code::too_large);
}

TEST_P(StoreTest, ManyThreadsWriteAndRead) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string content = std::to_string((i * 7 + t) % 20);
        EXPECT_TRUE(store->put(oci::Digest::sha256(content), content));
        EXPECT_EQ(**store->read(oci::Digest::sha256(content), 10), content);
      }
    });
  threads.clear();
  EXPECT_EQ(store->list(100)->size(), 20u);
}

// --- a folder

class FolderTest : public testing::Test {
 protected:
  fakes::FakeEnv fake;
  std::unique_ptr<Store> folder = make_folder(fake.files, &fake.random, "root");
  const std::string path = "root/" + blob_path(digest);
};

TEST_F(FolderTest, HasTheShapeOfALayout) {
  ASSERT_TRUE(folder->put(digest, text));
  EXPECT_EQ(fake.files.get("root/blobs/sha256/" + std::string(digest.hex()))->text, text);
}

TEST_F(FolderTest, ContentIsVerifiedOnRead) {
  fake.files.put(path, text + "!");
  EXPECT_EQ(folder->read(digest, 100).error().code, Code::mismatch);
  auto reader = *folder->open(digest);
  std::array<std::uint8_t, 16> chunk{};
  std::string seen;
  Result<std::size_t> got = reader->read(chunk);
  for (; got && *got > 0; got = reader->read(chunk)) seen.append(as_text(std::span(chunk).first(*got)));
  ASSERT_FALSE(got) << "the last bytes of wrong content are withheld";
  EXPECT_EQ(got.error().code, Code::mismatch);
  EXPECT_LT(seen.size(), text.size() + 1);
}

TEST_F(FolderTest, ForeignFilesAreNoContent) {
  ASSERT_TRUE(folder->put(digest, text));
  for (const char* name : {"root/blobs/sha256/README", "root/blobs/sha256/.tmp", "root/blobs/sha256/ABCDEF",
                           "root/blobs/md5/d41d8cd98f00b204e9800998ecf8427e"})
    fake.files.put(name, "x");
  EXPECT_EQ(*folder->list(10), std::vector{digest});
}

TEST_F(FolderTest, OneThatIsOnlyReadCreatesNothing) {
  fake.files.put(path, text);
  const auto before = fake.files.paths();
  const auto reader = make_folder(fake.files, nullptr, "root");
  EXPECT_EQ(**reader->read(digest, 100), text);
  EXPECT_EQ(reader->begin().error().code, Code::unsupported);
  EXPECT_EQ(fake.files.paths(), before);
}

// Whatever step fails: the content is there whole, or not at all, and what was there before stays.
TEST_F(FolderTest, AFailureAtAnyStepLeavesNothingHalf) {
  for (int step = 1; step <= 12; ++step) {
    fakes::FakeEnv env;
    const auto store = make_folder(env.files, &env.random, "root");
    ASSERT_TRUE(store->put(other, "other"));
    env.files.fail_at(step, Code::disk_full);
    const auto put = store->put(digest, text);
    if (put) {
      EXPECT_GT(step, 5) << "the failure was never met";
      break;
    }
    EXPECT_EQ(put.error().code, Code::disk_full);
    EXPECT_EQ(store->list(10)->size(), 1u) << step;
    EXPECT_EQ(**store->read(other, 10), "other");
    EXPECT_TRUE(store->put(digest, text)) << "the next one works";
  }
}

// A resumed upload must not put its bytes behind the part that a failed write left.
TEST_F(FolderTest, AWriterWhoseWriteFailedIsOfNoUseAnyMore) {
  ASSERT_TRUE(folder->put(digest, text));
  auto writer = *folder->begin();
  ASSERT_TRUE(writer->write(as_bytes(text).first(5)));
  fake.files.fail_at(1, Code::disk_full);
  EXPECT_EQ(writer->write(as_bytes(text).subspan(5)).error().code, Code::disk_full);
  EXPECT_EQ(writer->size(), 5U);
  EXPECT_EQ(writer->write(as_bytes(text).subspan(5)).error().code, Code::io);
  EXPECT_EQ(writer->commit(digest).error().code, Code::io);
  EXPECT_EQ(writer->commit(oci::Digest::sha256(text.substr(0, 5))).error().code, Code::io);
  writer.reset();
  EXPECT_EQ(**folder->read(digest, 100), text) << "what was there stays";
  EXPECT_EQ(folder->list(10)->size(), 1U);
}

TEST_F(FolderTest, LeftoversOfKilledWritersAreRemoved) {
  ASSERT_TRUE(folder->put(digest, text));
  fake.files.put("root/uploads/0123", "half");
  ASSERT_TRUE(remove_leftovers(fake.files, "root"));
  EXPECT_FALSE(fake.files.exists("root/uploads/0123"));
  EXPECT_EQ(**folder->read(digest, 100), text);
  EXPECT_TRUE(remove_leftovers(fake.files, "nowhere"));
}

// --- memory

TEST(Memory, ASmallContentIsServedWithoutACopy) {
  const auto store = make_memory();
  ASSERT_TRUE(store->put(digest, text));
  EXPECT_EQ(store->read(digest, 100)->get(), store->read(digest, 100)->get());
}

TEST(Memory, IsBounded) {
  const auto store = make_memory(10);
  ASSERT_TRUE(store->put(oci::Digest::sha256("12345678"), "12345678"));
  EXPECT_EQ(store->put(oci::Digest::sha256("abc"), "abc").error().code, Code::disk_full);
  EXPECT_TRUE(store->put(oci::Digest::sha256("ab"), "ab")) << "what was given up does not count";
  EXPECT_EQ(store->put(oci::Digest::sha256("x"), "x").error().code, Code::disk_full);
  ASSERT_TRUE(store->remove(oci::Digest::sha256("12345678")));
  EXPECT_TRUE(store->put(oci::Digest::sha256("abcdefgh"), "abcdefgh"));
  EXPECT_EQ(store->put(oci::Digest::sha256("abcdefgh"), "abcdefgh").error().code, Code::disk_full)
      << "the second copy has to fit while it arrives";
  ASSERT_TRUE(store->remove(oci::Digest::sha256("ab")));
  EXPECT_EQ(*store->size(oci::Digest::sha256("abcdefgh")), 8u);
}

// --- verifying on the way

TEST(Verifying, ASourceThatEndsEarlyIsAMismatch) {
  fakes::MemoryFiles files;
  files.put("f", text);
  const auto reader = verifying(*files.open("f"), digest, text.size() + 1);
  std::array<std::uint8_t, 64> chunk{};
  ASSERT_TRUE(reader->read(chunk));
  EXPECT_EQ(reader->read(chunk).error().code, Code::mismatch);
}

TEST(Verifying, NoMoreThanTheSizeIsPassedOn) {
  fakes::MemoryFiles files;
  files.put("f", text + "more");
  const auto reader = verifying(*files.open("f"), digest, text.size());
  std::array<std::uint8_t, 64> chunk{};
  EXPECT_EQ(*reader->read(chunk), text.size());
  EXPECT_EQ(*reader->read(chunk), 0u);
}

}  // namespace
}  // namespace sigstore::content
