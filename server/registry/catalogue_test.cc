// What a registry with a folder still knows after a new start, and after faults.
#include "server/registry/catalogue.h"

#include <gtest/gtest.h>

#include "server/registry/kept.h"
#include "server/registry/testing/driver.h"
#include "sigstore/base/limits.h"

namespace server::registry {
namespace {

using namespace testing;
using sigstore::Code;

struct Kept : ::testing::Test {
  std::string journal() { return registry.fake.files.get("data/journal")->text; }
  void set_journal(const std::string& text) { registry.fake.files.put("data/journal", text); }
  std::vector<std::string> troubles;
  Driver registry{{.trouble = [this](const std::string& line) { troubles.push_back(line); }}, "data"};
};

TEST_F(Kept, EverythingIsThereAfterANewStart) {
  const std::string text = registry.image("team/app", "layer");
  registry.push_manifest("team/app", "latest", text);
  const std::string referrer = registry.image(
      "team/app", "note",
      {{"artifactType", "t"}, {"subject", Driver::descriptor(media_type::oci_manifest, text)}});
  registry.push_manifest("team/app", "note", referrer);
  const auto targets = {"/v2/team/app/tags/list", "/v2/team/app/manifests/latest"};
  const std::string blob = "/v2/team/app/blobs/" + Digest::sha256("layer").text();
  const std::string list = "/v2/team/app/referrers/" + Digest::sha256(text).text();
  std::vector<Reply> before;
  for (const std::string target : targets) before.push_back(registry.get(target));
  const std::string referrers = registry.get(list).body;
  registry.start();
  auto expected = before.begin();
  for (const std::string target : targets) {
    const auto now = registry.get(target);
    EXPECT_EQ(now.status, 200);
    EXPECT_EQ(now.body, expected->body);
    EXPECT_EQ(now.headers.list(), (expected++)->headers.list());
  }
  EXPECT_EQ(registry.get(blob).body, "layer");
  EXPECT_EQ(registry.get(list).body, referrers);
}

TEST_F(Kept, AnUploadIsNot) {
  const auto begun = registry.send("POST", "/v2/app/blobs/uploads/");
  registry.send("PATCH", begun.header("Location"), "content");
  registry.start();
  EXPECT_EQ(registry.send("PATCH", begun.header("Location"), "more").status, 404);
}

TEST_F(Kept, WhatCannotBeWrittenIsNotAcknowledgedAndNotSeen) {
  const std::string first = registry.image("app", "first"), second = registry.image("app", "second");
  registry.push_manifest("app", "latest", first);
  registry.fake.files.fail_path("data/journal", Code::disk_full);
  const auto put = registry.push_manifest("app", "latest", second);
  EXPECT_EQ(put.status, 507);
  EXPECT_EQ(put.error(), "STORAGE_FULL");
  EXPECT_EQ(put.body.find("data/"), std::string::npos) << "paths of this machine are nobody's business";
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_NE(troubles[0].find("data/journal"), std::string::npos);
  EXPECT_EQ(registry.get("/v2/app/manifests/latest").body, first);
  registry.start();
  EXPECT_EQ(registry.get("/v2/app/manifests/latest").body, first);
}

TEST_F(Kept, EachFaultOfEachOperationLeavesOldOrNew) {
  const std::string first = registry.image("app", "first"), second = registry.image("app", "second");
  for (int n = 1; n < 40; ++n) {
    ASSERT_EQ(registry.push_manifest("app", "latest", first).status, 201);
    registry.fake.files.fail_at(n);
    const int status = registry.push_manifest("app", "latest", second).status;
    registry.fake.files.fail_at(0);
    registry.start();
    const std::string now = registry.get("/v2/app/manifests/latest").body;
    EXPECT_EQ(now, status == 201 ? second : first) << "fault " << n;
  }
}

// A killed process may have left lines in the memory of the kernel alone: before they are trusted, they are
// on the disk.
TEST_F(Kept, ANewStartSyncsTheJournalBeforeItReadsTheChanges) {
  registry.push_manifest("app", "latest", registry.image("app", "layer"));
  int synced = 0, last_read = 0;
  for (int n = 1; n < 40; ++n) {
    registry.fake.files.fail_at(n);
    const auto opened = Catalogue::open(registry.fake.env(), "data");
    registry.fake.files.fail_at(0);
    if (opened) continue;
    if (opened.error().message == "cannot sync data/journal") synced = n;
    if (opened.error().message == "cannot read data/journal") last_read = n;
  }
  EXPECT_GT(synced, 0);
  EXPECT_GT(last_read, synced);
}

TEST_F(Kept, TheSameAgainAndAgainDoesNotFillTheDisk) {
  const std::string image = registry.image("app", "layer");
  const std::string note = registry.image(
      "app", "note",
      {{"artifactType", "t"}, {"subject", Driver::descriptor(media_type::oci_manifest, image)}});
  const auto put = [&] {
    registry.push_blob("app", "layer");
    EXPECT_EQ(registry.push_manifest("app", "latest", image).status, 201);
    EXPECT_EQ(registry.push_manifest("app", Digest::sha256(note).text(), note).status, 201);
  };
  put();
  const std::string once = journal();
  for (int i = 0; i < 50; ++i) put();
  EXPECT_EQ(journal(), once);
  registry.fake.clock.advance(std::chrono::hours(1));
  put();
  const std::string later = journal();
  EXPECT_GT(later.size(), once.size()) << "its age begins anew";
  put();
  EXPECT_EQ(journal(), later);
  EXPECT_EQ(registry.push_manifest("app", "other", image).status, 201);
  EXPECT_GT(journal().size(), later.size()) << "another tag is something new";
  EXPECT_EQ(registry.push_manifest("app", "other", note).status, 201);
  EXPECT_EQ(registry.push_manifest("app", "other", image).status, 201) << "and so is one that moves back";
  EXPECT_EQ(registry.get("/v2/app/manifests/other").body, image);
}

TEST_F(Kept, WhatAKilledWriterLeftIsTakenAway) {
  registry.image("app", "layer");
  registry.fake.files.put("data/.journal.tmp-0123456789abcdef", "half");
  registry.fake.files.put("data/uploads/.0123.tmp-0123456789abcdef", "half");
  registry.start();
  for (const auto& path : registry.fake.files.paths())
    EXPECT_EQ(path.find(".tmp-"), std::string::npos) << path;
}

// kill -9 or a power cut in the middle of the last line: what it said was never acknowledged.
TEST_F(Kept, ALastLineThatIsTornDoesNotCount) {
  const std::string first = registry.image("app", "first"), second = registry.image("app", "second");
  registry.push_manifest("app", "latest", first);
  const std::string before = journal();
  registry.push_manifest("app", "latest", second);
  const std::string after = journal();
  for (std::size_t size = before.size(); size < after.size(); size += 7) {
    for (const std::string& rest : {std::string(), std::string(30, '\0')}) {
      set_journal(after.substr(0, size) + rest);
      registry.start();
      EXPECT_EQ(registry.get("/v2/app/manifests/latest").body, first) << size;
      EXPECT_EQ(journal(), before) << "it is cut off";
    }
  }
  EXPECT_EQ(registry.push_manifest("app", "latest", second).status, 201) << "it goes on";
  registry.start();
  EXPECT_EQ(registry.get("/v2/app/manifests/latest").body, second);
}

TEST_F(Kept, ALineThatHasRottenIsNamedAtTheStart) {
  const std::string text = registry.image("app", "layer");
  registry.push_manifest("app", "latest", text);
  const std::string good = journal();
  const std::size_t last = good.rfind('\n', good.size() - 2) + 1;
  for (std::size_t at = 0; at < last; at += 11) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    set_journal(bad);
    const auto opened = Catalogue::open(registry.fake.env(), "data");
    ASSERT_FALSE(opened) << at;
    EXPECT_EQ(opened.error().code, Code::malformed);
    EXPECT_NE(opened.error().text().find("data/journal"), std::string::npos) << opened.error().text();
    EXPECT_NE(opened.error().hint.find("--repair"), std::string::npos);
    EXPECT_EQ(journal(), bad) << "nothing is cut off";
  }
}

TEST_F(Kept, ContentWithoutAJournalIsNoNewRegistry) {
  registry.image("app", "layer");
  ASSERT_TRUE(registry.fake.files.remove("data/journal"));
  const auto opened = Catalogue::open(registry.fake.env(), "data");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::not_found);
  EXPECT_FALSE(registry.fake.files.exists("data/journal"));
}

TEST_F(Kept, TheFormatOfAnEarlierVersionIsRefused) {
  registry.fake.files.put("old/repositories/app.json", "{}");
  const auto opened = Catalogue::open(registry.fake.env(), "old");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::unsupported);
  EXPECT_NE(opened.error().text().find("old/repositories/app.json"), std::string::npos);
}

TEST_F(Kept, TwoProcessesCannotHaveOneFolder) {
  const auto lock = lock_folder(registry.fake.env(), "data");
  ASSERT_TRUE(lock);
  const auto second = lock_folder(registry.fake.env(), "data");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_NE(second.error().message.find("in use"), std::string::npos);
}

TEST_F(Kept, ContentThatWasChangedOnDiskIsNeverServed) {
  const std::string text = registry.image("app", "layer");
  registry.push_manifest("app", "latest", text);
  const std::string hex(Digest::sha256("layer").hex());
  registry.fake.files.put("data/blobs/sha256/" + hex, "other");
  EXPECT_NE(registry.get("/v2/app/blobs/" + Digest::sha256("layer").text()).body, "other");
  registry.fake.files.put("data/blobs/sha256/" + std::string(Digest::sha256(text).hex()), "{}");
  EXPECT_EQ(registry.get("/v2/app/manifests/latest").status, 500);
  ASSERT_TRUE(registry.fake.files.remove("data/blobs/sha256/" + hex));
  EXPECT_EQ(registry.get("/v2/app/blobs/" + Digest::sha256("layer").text()).status, 500);
  EXPECT_EQ(troubles.size(), 2U) << "whoever runs it is told";
}

TEST_F(Kept, NamesThatAreLongOrAlikeAreTheirOwn) {
  const std::string a = std::string(126, 'a') + "/" + std::string(126, 'b');
  const std::vector<std::string> repositories = {"a/b", "a-b", "a__b", a + "/c", a + "/d"};
  for (const auto& repository : repositories) registry.push_blob(repository, repository);
  registry.start();
  for (const auto& repository : repositories)
    EXPECT_EQ(registry.get("/v2/" + repository + "/blobs/" + Digest::sha256(repository).text()).body,
              repository);
}

TEST(Repositories, AreListedInOrder) {
  Driver registry;
  EXPECT_TRUE(registry.catalogue->repositories()->empty());
  for (const char* name : {"b", "a/c", "a"}) registry.push_blob(name, "content");
  EXPECT_EQ(*registry.catalogue->repositories(), (std::vector<std::string>{"a", "a/c", "b"}));
  EXPECT_TRUE(*registry.catalogue->has_blob(Digest::sha256("content")));
  EXPECT_FALSE(*registry.catalogue->has_blob(Digest::sha256("other")));
}

TEST_F(Kept, TheTimeOfItsNewestManifestIsKnown) {
  EXPECT_EQ(*registry.catalogue->pushed("app"), std::nullopt);
  registry.push_manifest("app", "1", registry.image("app", "one"));
  const auto first = registry.catalogue->pushed("app");
  ASSERT_TRUE(first && *first);
  registry.fake.clock.advance(std::chrono::seconds(90));
  registry.push_manifest("app", "2", registry.image("app", "two"));
  registry.push_manifest("other", "1", registry.image("other", "one"));
  EXPECT_EQ(**registry.catalogue->pushed("app"), **first + 90);
  registry.start();
  EXPECT_EQ(**registry.catalogue->pushed("app"), **first + 90);
}

}  // namespace
}  // namespace server::registry
