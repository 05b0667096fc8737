// What a folder that outlives its process needs of SystemFiles.
#include <gtest/gtest.h>

#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/temporary_folder.h"

namespace sigstore::system {
namespace {

struct KeptFiles : ::testing::Test {
  std::string text() { return *files.read(path, 1000); }
  SystemRandom random;
  SystemFiles files{random};
  fakes::TemporaryFolder folder;
  const std::string path = folder.path() + "/journal";
};

TEST_F(KeptFiles, AFileGrowsAndIsCut) {
  auto file = *files.append(path, 0644);
  EXPECT_EQ(file->size(), 0U);
  ASSERT_TRUE(file->append(as_bytes("one ")));
  ASSERT_TRUE(file->append(as_bytes("two ")));
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(text(), "one two ");
  ASSERT_TRUE(file->cut(4));
  ASSERT_TRUE(file->append(as_bytes("three")));
  EXPECT_EQ(text(), "one three");
  file = *files.append(path, 0644);
  EXPECT_EQ(file->size(), 9U) << "it begins where the file ends";
  EXPECT_EQ(files.append(folder.path() + "/no/such", 0644).error().code, Code::not_found);
}

TEST_F(KeptFiles, AFullDiskLeavesTheSizeAsItWas) {
  const auto full = *files.append("/dev/full", 0644);
  const auto written = full->append(as_bytes("x"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::disk_full);
  EXPECT_EQ(full->size(), 0U);
}

TEST_F(KeptFiles, OneHoldsALockAtATime) {
  auto lock = *files.lock(path);
  EXPECT_EQ(files.lock(path).error().code, Code::conflict);
  lock.reset();
  EXPECT_TRUE(files.lock(path));
}

TEST_F(KeptFiles, AFileMoves) {
  folder.write("a", "text");
  folder.write("b", "other");
  ASSERT_TRUE(files.rename(folder.path() + "/a", folder.path() + "/b"));
  EXPECT_EQ(*files.read(folder.path() + "/b", 100), "text");
  EXPECT_FALSE(files.exists(folder.path() + "/a"));
  EXPECT_EQ(files.rename(folder.path() + "/a", path).error().code, Code::not_found);
}

TEST_F(KeptFiles, TheAgeOfAFile) {
  const auto before = SystemClock().now();
  folder.write("journal", "x");
  const auto age = *files.modified(path) - before;
  EXPECT_LT(std::chrono::abs(age), std::chrono::seconds(10));
  EXPECT_EQ(files.modified(path + "x").error().code, Code::not_found);
}

}  // namespace
}  // namespace sigstore::system
