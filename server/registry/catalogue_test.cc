// What a registry with a folder still knows after a new start, and after faults.
#include "server/registry/catalogue.h"

#include <gtest/gtest.h>

#include "server/registry/testing/driver.h"
#include "sigstore/base/limits.h"

namespace server::registry {
namespace {

using namespace testing;
using sigstore::Code;

struct Kept : ::testing::Test {
  // The files of the catalogue.
  std::vector<std::string> records() {
    std::vector<std::string> found;
    for (const auto& path : registry.fake.files.paths())
      if (path.starts_with("data/repositories/")) found.push_back(path);
    return found;
  }
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
  registry.fake.files.fail_path("data/repositories/app.json", Code::disk_full);
  const auto put = registry.push_manifest("app", "latest", second);
  EXPECT_EQ(put.status, 507);
  EXPECT_EQ(put.error(), "STORAGE_FULL");
  EXPECT_EQ(put.body.find("data/"), std::string::npos) << "paths of this machine are nobody's business";
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_NE(troubles[0].find("data/repositories/app.json"), std::string::npos);
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

TEST_F(Kept, WhatAKilledWriterLeftIsTakenAway) {
  registry.image("app", "layer");
  registry.fake.files.put("data/repositories/.app.json.tmp-0123456789abcdef", "{half");
  registry.fake.files.put("data/uploads/.0123.tmp-0123456789abcdef", "half");
  registry.start();
  for (const auto& path : registry.fake.files.paths())
    EXPECT_EQ(path.find(".tmp-"), std::string::npos) << path;
  EXPECT_EQ(records().size(), 1U);
}

TEST_F(Kept, ADamagedFileIsNamedAtTheStart) {
  registry.image("app", "layer");
  const std::string path = records().at(0), good = registry.fake.files.get(path)->text;
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() / 2), std::string("[]"), std::string("{}"),
        std::string(R"({"name":"app","blobs":[5],"manifests":[],"tags":{}})"),
        std::string(R"({"name":"app","blobs":[],"manifests":[{}],"tags":{}})"),
        std::string(R"({"name":"app","blobs":[],"manifests":[],"tags":{"a":1}})")}) {
    registry.fake.files.put(path, bad);
    const auto opened = Catalogue::open(registry.fake.files, "data/repositories");
    ASSERT_FALSE(opened) << bad;
    EXPECT_EQ(opened.error().code, Code::malformed);
    EXPECT_NE(opened.error().text().find(path), std::string::npos) << opened.error().text();
  }
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

TEST_F(Kept, NamesThatAreLongOrAlikeHaveFilesOfTheirOwn) {
  const std::string a = std::string(126, 'a') + "/" + std::string(126, 'b');
  const std::vector<std::string> repositories = {"a/b", "a-b", "a__b", a + "/c", a + "/d"};
  for (const auto& repository : repositories) registry.push_blob(repository, repository);
  EXPECT_EQ(records().size(), repositories.size());
  for (const auto& path : records()) EXPECT_LE(path.size() - path.rfind('/') - 1, 205U);
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

TEST(Record, WhatCouldNotBeReadAgainIsNotWritten) {
  RepositoryRecord record;
  const std::string digest = Digest::sha256("x").text();
  for (std::size_t i = 0; i * 100 < sigstore::limits::json_bytes; ++i)
    record.tags[std::string(100, 't') + std::to_string(i)] = digest;
  const auto text = write_record("app", record);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, Code::too_large);
}

}  // namespace
}  // namespace server::registry
