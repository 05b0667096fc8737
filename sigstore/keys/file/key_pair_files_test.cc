#include "sigstore/keys/file/key_pair_files.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/memory_files.h"

namespace sigstore::keys {
namespace {

using fakes::MemoryFiles;

TEST(KeyPairFiles, WritesBothWithTheirModes) {
  MemoryFiles files;
  KeyPairFiles pair(files, "cosign");
  EXPECT_TRUE(pair.existing().empty());
  ASSERT_TRUE(pair.probe());
  EXPECT_TRUE(pair.existing().empty());
  ASSERT_TRUE(pair.write("private", "public", false));
  EXPECT_EQ(files.get("cosign.key")->mode, 0600u);
  EXPECT_EQ(files.get("cosign.pub")->mode, 0644u);
  EXPECT_EQ(pair.existing(), (std::vector<std::string>{"cosign.key", "cosign.pub"}));
}

TEST(KeyPairFiles, EitherFileIsGuarded) {
  for (const std::string name : {"cosign.key", "cosign.pub"}) {
    MemoryFiles files;
    files.put(name, "old");
    KeyPairFiles pair(files, "cosign");
    EXPECT_EQ(pair.existing(), std::vector<std::string>{name});
    EXPECT_EQ(pair.write("private", "public", false).error().code, Code::conflict);
    EXPECT_EQ(files.paths(), std::vector<std::string>{name});
    EXPECT_EQ(files.get(name)->text, "old");
    EXPECT_TRUE(pair.write("private", "public", true));
  }
}

TEST(KeyPairFiles, MissingFolderIsFoundBeforeAnythingElse) {
  MemoryFiles files;
  EXPECT_EQ(KeyPairFiles(files, "no/such").probe().error().code, Code::not_found);
}

// A fault at any single operation leaves what was there before: nothing, or the whole old pair.
TEST(KeyPairFiles, NoFaultLeavesHalfAPair) {
  for (const bool had_pair : {false, true}) {
    int faults = 0;
    for (int n = 1; n < 50; ++n) {
      MemoryFiles files;
      if (had_pair) files.put("cosign.key", "old private", 0600);
      if (had_pair) files.put("cosign.pub", "old public");
      KeyPairFiles pair(files, "cosign");
      files.fail_at(n, Code::disk_full);
      const auto written = pair.write("private", "public", had_pair);
      if (written) {
        EXPECT_EQ(files.get("cosign.key")->text, "private");
        EXPECT_EQ(files.get("cosign.pub")->text, "public");
        continue;
      }
      ++faults;
      EXPECT_EQ(written.error().code, Code::disk_full) << n;
      EXPECT_EQ(files.get("cosign.key").has_value(), had_pair) << n;
      EXPECT_EQ(files.get("cosign.pub").has_value(), had_pair) << n;
      if (!had_pair) continue;
      EXPECT_EQ(files.get("cosign.key")->text, "old private") << n;
      EXPECT_EQ(files.get("cosign.pub")->text, "old public") << n;
    }
    EXPECT_GE(faults, 6);
  }
}

}  // namespace
}  // namespace sigstore::keys
