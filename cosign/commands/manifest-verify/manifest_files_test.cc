#include "cosign/commands/manifest-verify/manifest_files.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/memory_files.h"

namespace cosign {
namespace {

using Words = std::vector<std::string>;

TEST(ManifestFiles, FilesFoldersAndStdin) {
  sigstore::fakes::MemoryFiles files;
  for (const char* name : {"d/b.yaml", "d/a.yml", "d/c.json", "d/readme.md", "d/.hid.yaml", "d/e/f.yaml",
                           "d/.git/g.yaml", "x.txt"})
    files.put(name, "a: b");
  ASSERT_TRUE(files.make_directories("empty"));
  const auto found = manifest_files(files, {"x.txt", "d", "-"});
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(*found, (Words{"x.txt", "d/a.yml", "d/b.yaml", "d/c.json", "d/e/f.yaml", "-"}));
  EXPECT_EQ(manifest_files(files, {"absent.yaml"}).value(), Words{"absent.yaml"});  // reading it says so
  EXPECT_EQ(manifest_files(files, {"empty"}).error().message, "no manifests in empty");
  EXPECT_EQ(manifest_files(files, {"-", "-"}).error().code, sigstore::Code::invalid_argument);
}

TEST(ManifestFiles, Bounds) {
  sigstore::fakes::MemoryFiles files;
  std::string deep = "d";
  for (int i = 0; i < 20; ++i) deep += "/d";
  ASSERT_TRUE(files.make_directories(deep));
  EXPECT_EQ(manifest_files(files, {"d"}).error().code, sigstore::Code::too_large);
  EXPECT_EQ(manifest_files(files, Words(5000, "a.yaml")).error().code, sigstore::Code::too_large);
}

}  // namespace
}  // namespace cosign
