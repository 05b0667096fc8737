#include "server/registry/index.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace server::registry {

// What SQLite would do for a query.
struct IndexPlans {
  static std::string newest_manifest(Index& index) {
    auto statement =
        index.database().prepare("EXPLAIN QUERY PLAN " + std::string(Index::texts[Index::newest_manifest]));
    if (!statement) return statement.error().text();
    host::Rows rows = statement->rows({"app"});
    std::string plan;
    while (*rows.next()) plan.append(rows.text(3)).append("\n");
    return plan;
  }
};

namespace {

// By a seek: the front page asks this of each repository, and some have a million manifests.
bool is_seek(const std::string& plan) {
  return plan.find("INDEX manifests_by_time (repository=?)") != std::string::npos &&
         plan.find("SCAN") == std::string::npos && plan.find("TEMP B-TREE") == std::string::npos;
}

TEST(Index, TheNewestManifestIsFoundWithoutReadingTheOthers) {
  const auto index = Index::open(":memory:");
  ASSERT_TRUE(index) << index.error().text();
  const std::string plan = IndexPlans::newest_manifest(**index);
  EXPECT_TRUE(is_seek(plan)) << plan;
}

TEST(Index, ADatabaseOfVersionOneIsBroughtUpToDateWithAllThatIsInIt) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "index-of-version-1";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = folder / "registry.db";
  const auto digest = sigstore::oci::Digest::sha256("content");
  {
    const auto index = Index::open(path);
    ASSERT_TRUE(index) << index.error().text();
    ASSERT_TRUE(
        (*index)->apply({.kind = Change::Kind::add_blob, .repository = "app", .time = 1, .digest = digest}));
    ASSERT_TRUE((*index)->database().execute("DROP INDEX manifests_by_time; PRAGMA user_version = 1"));
    EXPECT_FALSE(is_seek(IndexPlans::newest_manifest(**index)));
  }
  for (int times = 0; times < 2; ++times) {
    const auto index = Index::open(path);
    ASSERT_TRUE(index) << index.error().text();
    EXPECT_TRUE(is_seek(IndexPlans::newest_manifest(**index)));
    EXPECT_TRUE(*(*index)->has_blob("app", digest));
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace server::registry
