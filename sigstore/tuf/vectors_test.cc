// Repositories that others published, from their first root on. They live outside: SIGSTORE_VECTORS.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sigstore/base/limits.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/tuf/internal/trusted_set.h"
#include "sigstore/tuf/testing/memory.h"

namespace sigstore::tuf {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void read_all(const fs::path& folder, const std::string& prefix, testing::MemoryRepository& repository) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    repository.files[prefix + fs::relative(entry.path(), folder).string()] = read(entry.path());
  }
}

class TufVectors : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::getenv("SIGSTORE_VECTORS") == nullptr) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
    folder = fs::path(std::getenv("SIGSTORE_VECTORS")) / "tuf" / GetParam();
    read_all(folder / "metadata", "", repository);
    read_all(folder / "targets", "targets/", repository);
    store.files["root.json"] = read(folder / "initial_root.json");
    std::string time = read(folder / "faketime").substr(0, 19) + "Z";
    time[10] = 'T';
    now = *codec::rfc3339::parse(time);
    path = read(folder / "targetpath");
    while (path.ends_with('\n')) path.pop_back();
  }

  fs::path folder;
  testing::MemoryRepository repository;
  testing::MemoryStore store;
  Time now;
  std::string path;
};

TEST_P(TufVectors, RefreshAndDownload) {
  Updater updater(repository, store, now);
  const auto refreshed = updater.refresh();
  ASSERT_TRUE(refreshed) << refreshed.error().text();
  const auto target = updater.find(path);
  ASSERT_TRUE(target) << target.error().text();
  ASSERT_TRUE(*target);
  const auto content = updater.download(path, **target);
  ASSERT_TRUE(content) << content.error().text();
  EXPECT_EQ(content->size(), (*target)->length);
  EXPECT_EQ(updater.find("no such thing"), std::nullopt);

  // Again, from what is stored: two requests, and nothing is written.
  repository.asked.clear();
  store.written.clear();
  Updater again(repository, store, now);
  ASSERT_TRUE(again.refresh());
  EXPECT_EQ(repository.asked,
            (std::vector<std::string>{std::to_string(updater.root().version + 1) + ".root.json",
                                      "timestamp.json"}));
  EXPECT_TRUE(store.written.empty());
  EXPECT_EQ(again.load(), true);
  EXPECT_EQ(repository.asked.size(), 2U);
}

TEST_P(TufVectors, ExpiresLater) {
  Updater updater(repository, store, now + std::chrono::years(40));
  EXPECT_EQ(updater.refresh().error().code, Code::timeout);
}

INSTANTIATE_TEST_SUITE_P(Published, TufVectors, ::testing::Values("sigstore-root-signing", "tuf-on-ci-0.11"));

// Since 2021: keys as points in hexadecimal, other spellings of types, an id that is not its key's hash,
// times with offsets and fractions.
TEST(TufHistory, EveryRootOfSigstoreFollowsTheOneBefore) {
  if (std::getenv("SIGSTORE_VECTORS") == nullptr) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  const auto folder =
      fs::path(std::getenv("SIGSTORE_VECTORS")) / "tuf" / "sigstore-root-signing" / "metadata";
  internal::Verifier verifier;
  internal::TrustedSet set(verifier, Time(), false);
  ASSERT_TRUE(set.begin(read(folder / "1.root.json")));
  for (int version = 2; version <= 12; ++version) {
    const auto next = set.next_root(read(folder / (std::to_string(version) + ".root.json")));
    ASSERT_TRUE(next) << version << ": " << next.error().text();
  }
  EXPECT_EQ(set.root().version, 12U);
}

}  // namespace
}  // namespace sigstore::tuf
