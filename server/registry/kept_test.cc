// The catalogue with its database on a real disk: in step with the journal, whatever happens to either.
#include "server/registry/kept.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "server/registry/catalogue.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/temporary_folder.h"

namespace server::registry {
namespace {

using sigstore::Code;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;

ManifestEntry entry(const std::string& seed, const std::string& subject = "", const std::string& type = "") {
  ManifestEntry entry;
  entry.descriptor.media_type = sigstore::oci::media_type::oci_manifest;
  entry.descriptor.digest = Digest::sha256(seed);
  entry.descriptor.size = seed.size();
  if (subject.empty()) return entry;
  entry.subject = Digest::sha256(subject);
  entry.referrer = entry.descriptor;
  entry.referrer->artifact_type = type;
  entry.referrer->annotations["note"] = "<" + seed + ">";
  return entry;
}

bool always(const Digest*) {
  return true;
}

struct OnDisk : ::testing::Test {
  OnDisk() { open(); }
  void open() {
    catalogue.reset();
    auto opened = Catalogue::open(env.env(), folder.path(), database);
    ASSERT_TRUE(opened) << opened.error().text();
    catalogue = std::move(*opened);
  }
  void put(const std::string& tag, const ManifestEntry& manifest) {
    const auto done = catalogue->put_manifest("app", manifest, tag, {tag}, always);
    ASSERT_TRUE(done && *done) << done.error().text();
  }
  std::string tags() {
    std::string all;
    const auto list = catalogue->tags("app");
    for (const auto& tag : *list) all += tag + " ";
    return all;
  }
  void fill() {
    ASSERT_TRUE(catalogue->add_blob("app", Digest::sha256("blob")));
    put("one", entry("1"));
    put("two", entry("2", "1", "t"));
  }
  void expect_filled() {
    EXPECT_EQ(tags(), "one two ");
    EXPECT_TRUE(*catalogue->has_blob("app", Digest::sha256("blob")));
    EXPECT_EQ(*catalogue->manifest("app", "two"), entry("2", "1", "t"));
    EXPECT_EQ(catalogue->referrers("app", Digest::sha256("1"))->size(), 1U);
  }

  sigstore::fakes::TemporaryFolder folder;
  sigstore::system::SystemEnv env;
  const std::string database = database_path(folder.path());
  std::unique_ptr<Catalogue> catalogue;
};

TEST_F(OnDisk, WhatWasPutIsThereAgain) {
  fill();
  expect_filled();
  open();
  expect_filled();
}

TEST_F(OnDisk, ADatabaseThatIsGoneIsMadeAnew) {
  fill();
  catalogue.reset();
  ASSERT_TRUE(std::filesystem::remove(database));
  open();
  expect_filled();
}

TEST_F(OnDisk, ADatabaseThatIsDamagedIsMadeAnew) {
  fill();
  catalogue.reset();
  const auto size = std::filesystem::file_size(database);
  const auto damages = std::to_array<std::function<void()>>({
      [&] { std::ofstream(database) << std::string(size, 'x'); },
      [&] { std::ofstream(database) << "short"; },
      [&] { std::filesystem::resize_file(database, size / 2); },
      [&] { std::filesystem::resize_file(database, 0); },
      [&] {
        std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(4096);
        file << std::string(size - 8192, '\x5a');
      },
      [&] { std::ofstream(database + "-wal") << std::string(5000, 'x'); },
  });
  for (const auto& damage : damages) {
    damage();
    open();
    expect_filled();
    put("two", entry("2", "1", "t"));
    catalogue.reset();
  }
}

TEST_F(OnDisk, ADatabaseOfAnotherRegistryIsMadeAnew) {
  fill();
  catalogue.reset();
  const sigstore::fakes::TemporaryFolder other;
  {
    auto theirs = *Catalogue::open(env.env(), other.path(), database_path(other.path()));
    ASSERT_TRUE(theirs->add_blob("other", Digest::sha256("x")));
  }
  std::filesystem::copy_file(database_path(other.path()), database,
                             std::filesystem::copy_options::overwrite_existing);
  open();
  expect_filled();
  EXPECT_FALSE(*catalogue->has_repository("other"));
}

// As after a power cut: the journal is on the disk, the database is older.
TEST_F(OnDisk, ADatabaseThatIsOlderCatchesUp) {
  put("one", entry("1"));
  catalogue.reset();
  const std::string older = folder.path() + "/older";
  std::filesystem::copy_file(database, older);
  open();
  fill();
  catalogue.reset();
  std::filesystem::rename(older, database);
  open();
  expect_filled();
}

TEST_F(OnDisk, AJournalThatLacksItsEndIsNamed) {
  fill();
  catalogue.reset();
  const std::string journal = journal_path(folder.path());
  std::filesystem::resize_file(journal, std::filesystem::file_size(journal) - 100);
  const auto opened = Catalogue::open(env.env(), folder.path(), database);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::malformed);
  EXPECT_NE(opened.error().hint.find("--repair"), std::string::npos);
}

TEST_F(OnDisk, AJournalThatIsCompactedSaysTheSame) {
  fill();
  for (int i = 0; i < 10; ++i) {  // the same again would be nothing to write
    put("one", entry("2", "1", "t"));
    put("one", entry("1"));
  }
  catalogue.reset();
  const std::string journal = journal_path(folder.path());
  const auto before = std::filesystem::file_size(journal);
  {
    auto kept = *open_kept(env.env(), folder.path(), database);
    ASSERT_TRUE(compact(env.env(), folder.path(), *kept.index));
  }
  EXPECT_LT(std::filesystem::file_size(journal), before / 3);
  open();
  expect_filled();
  put("three", entry("3"));
  catalogue.reset();
  std::filesystem::remove(database);
  open();
  EXPECT_EQ(tags(), "one three two ");
}

TEST_F(OnDisk, ListsComeInPages) {
  for (int i = 0; i < 25; ++i)
    put("tag" + std::to_string(i), entry(std::to_string(i), "s", i % 2 ? "odd" : "even"));
  EXPECT_EQ(*catalogue->tags("app", {"tag23", 5}),
            (std::vector<std::string>{"tag24", "tag3", "tag4", "tag5", "tag6"}));
  EXPECT_EQ(catalogue->tags("app", {"", 0})->size(), 0U);
  std::vector<std::string> seen;
  for (Page page{"", 4};;) {
    const auto part = *catalogue->referrers("app", Digest::sha256("s"), "odd", page);
    for (const Descriptor& referrer : part) seen.push_back(referrer.digest.text());
    if (part.size() < 4) break;
    page.last = seen.back();
  }
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_F(OnDisk, ManyWriteAndReadAtOnce) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([this, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string name = std::to_string(t) + "-" + std::to_string(i);
        put(name, entry(name, "subject", "t"));
        const auto read = catalogue->manifest("app", name);
        ASSERT_TRUE(read && *read) << "what is acknowledged is visible";
        EXPECT_EQ(**read, entry(name, "subject", "t"));
      }
    });
  threads.clear();
  EXPECT_EQ(catalogue->tags("app")->size(), 200U);
  std::filesystem::remove(database);
  open();
  EXPECT_EQ(catalogue->tags("app")->size(), 200U);
  EXPECT_EQ(catalogue->referrers("app", Digest::sha256("subject"))->size(), 200U);
}

// Of those that want a tag to be what they saw, one a time gets it.
TEST_F(OnDisk, ConditionsHoldAmongMany) {
  std::atomic<int> won = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([this, t, &won] {
      const auto absent = [](const Digest* current) { return current == nullptr; };
      for (int i = 0; i < 20; ++i) {
        const std::string tag = "t" + std::to_string(i);
        const auto done = catalogue->put_manifest("app", entry(std::to_string(t)), tag, {tag}, absent);
        ASSERT_TRUE(done) << done.error().text();
        if (*done) ++won;
      }
    });
  threads.clear();
  EXPECT_EQ(won, 20);
}

TEST_F(OnDisk, RemovedThingsStayRemoved) {
  fill();
  EXPECT_TRUE(*catalogue->remove_manifest("app", "one", always)) << "the tag";
  EXPECT_TRUE(*catalogue->manifest("app", Digest::sha256("1").text()));
  EXPECT_FALSE(*catalogue->remove_manifest("app", "one", always));
  EXPECT_TRUE(*catalogue->remove_manifest("app", Digest::sha256("2").text(), always)) << "with its tags";
  EXPECT_TRUE(*catalogue->remove_blob("app", Digest::sha256("blob")));
  EXPECT_FALSE(*catalogue->remove_blob("app", Digest::sha256("blob")));
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(tags(), "");
    EXPECT_TRUE(*catalogue->has_repository("app"));
    EXPECT_FALSE(*catalogue->has_blob("app", Digest::sha256("blob")));
    EXPECT_TRUE(catalogue->referrers("app", Digest::sha256("1"))->empty());
    catalogue.reset();
    std::filesystem::remove(database);
    open();
  }
}

}  // namespace
}  // namespace server::registry
