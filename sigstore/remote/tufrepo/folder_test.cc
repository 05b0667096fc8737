#include "sigstore/base/testing/memory_files.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace sigstore::remote {
namespace {

struct FolderTufRepository : ::testing::Test {
  fakes::MemoryFiles files;
  std::unique_ptr<tuf::Repository> repository = make_folder_tufrepo(files, "m", "m/targets");
};

TEST_F(FolderTufRepository, ReadsWhatIsThere) {
  files.put("m/1.root.json", "root");
  files.put("m/1.role%2Fa.json", "role");
  files.put("m/targets/dir/ab.name", "content");
  EXPECT_EQ(repository->metadata("1.root.json", 4), "root");
  EXPECT_EQ(repository->metadata("1.role%2Fa.json", 4), "role");
  EXPECT_EQ(repository->target("dir/ab.name", 7), "content");
}

TEST_F(FolderTufRepository, WhatIsNotThereOrTooLargeIsSaidSo) {
  files.put("m/1.root.json", "root");
  EXPECT_EQ(repository->metadata("2.root.json", 9).error().code, Code::not_found);
  EXPECT_EQ(repository->target("x", 9).error().code, Code::not_found);
  EXPECT_EQ(repository->metadata("1.root.json", 3).error().code, Code::too_large);
}

TEST_F(FolderTufRepository, NothingAboveTheFolderIsRead) {
  files.put("secret", "x");
  files.put("m/secret", "x");
  EXPECT_EQ(repository->metadata("../secret", 9).error().code, Code::malformed);
  EXPECT_EQ(repository->metadata("..", 9).error().code, Code::malformed);
  EXPECT_EQ(repository->target("../secret", 9).error().code, Code::malformed);
  EXPECT_EQ(repository->target("a/../../../secret", 9).error().code, Code::malformed);
  EXPECT_EQ(repository->target("/secret", 9).error().code, Code::malformed);
}

}  // namespace
}  // namespace sigstore::remote
