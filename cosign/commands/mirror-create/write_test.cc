#include "cosign/commands/mirror-create/write.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace cosign::mirror_create {
namespace {

using sigstore::Code;

const MirrorFiles mirror = {{"1.root.json", "root"},
                            {"2.snapshot.json", "snapshot"},
                            {"targets/a/0123.keys.json", "keys"},
                            {"timestamp.json", "timestamp"}};

class MirrorWrite : public ::testing::Test {
 protected:
  sigstore::fakes::FakeEnv fake_;
  std::string read(const std::string& path) { return fake_.files.read(path, 1 << 20).value_or("none"); }
};

TEST_F(MirrorWrite, AFolderHasEveryFile) {
  ASSERT_TRUE(write_folder(fake_.files, "m", mirror));
  for (const auto& [name, content] : mirror) EXPECT_EQ(read("m/" + name), content);
}

TEST_F(MirrorWrite, AMirrorIsBroughtUpToDate) {
  ASSERT_TRUE(write_folder(fake_.files, "m", mirror));
  auto newer = mirror;
  newer["3.snapshot.json"] = "newer";
  newer["timestamp.json"] = "later";
  ASSERT_TRUE(write_folder(fake_.files, "m", newer));
  EXPECT_EQ(read("m/timestamp.json"), "later");
  EXPECT_EQ(read("m/2.snapshot.json"), "snapshot") << "whoever reads it still may";
}

TEST_F(MirrorWrite, AFolderThatHoldsSomethingElseIsLeftAlone) {
  fake_.files.put("home/letter", "dear");
  const auto done = write_folder(fake_.files, "home", mirror);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::conflict);
  EXPECT_EQ(read("home/timestamp.json"), "none");
  EXPECT_EQ(write_folder(fake_.files, "home/letter", mirror).error().code, Code::conflict);
}

TEST_F(MirrorWrite, LongNamesFitInATarFile) {
  const std::string name = "targets/" + std::string(64, 'a') + "." + std::string(80, 'n');
  ASSERT_TRUE(write_tar(fake_.files, "a.tar", {{"timestamp.json", "now"}, {name, "keys"}}));
  const auto there = sigstore::remote::open_tar_tufrepo(fake_.files, "a.tar");
  ASSERT_TRUE(there) << there.error().text();
  EXPECT_EQ((*there)->target(name.substr(8), 4), "keys");
  const auto done = write_tar(fake_.files, "b.tar", {{std::string(1100, 'a'), ""}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::unsupported);
  EXPECT_EQ(done.error().hint, "name a folder: without .tar at its end");
  EXPECT_EQ(read("b.tar"), "none");
}

TEST_F(MirrorWrite, TheMirrorOfAnotherRepositoryIsLeftAlone) {
  fake_.files.put("m/timestamp.json", "another's");
  for (const char* root : {"", "another's"}) {
    if (*root != 0) fake_.files.put("m/1.root.json", root);
    const auto done = write_folder(fake_.files, "m", mirror);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::conflict);
    EXPECT_EQ(done.error().message, "m holds another TUF repository");
    EXPECT_EQ(read("m/timestamp.json"), "another's");
  }
}

TEST_F(MirrorWrite, ANameSaysAFolderOrATarFile) {
  for (const char* name : {"m", "m.tar", "m/", "gz", "./-"}) EXPECT_TRUE(check_name(name)) << name;
  for (const char* name : {"-", "m.tgz", "m.tar.gz", "m.tar.zst", "m.zip"}) {
    ASSERT_FALSE(check_name(name)) << name;
    EXPECT_EQ(check_name(name).error().code, Code::invalid_argument);
    EXPECT_FALSE(check_name(name).error().hint.empty());
  }
}

TEST_F(MirrorWrite, ATarFileIsTheSameEachTime) {
  ASSERT_TRUE(write_tar(fake_.files, "a.tar", mirror));
  ASSERT_TRUE(write_tar(fake_.files, "b.tar", mirror));
  const std::string text = read("a.tar");
  EXPECT_EQ(text, read("b.tar"));
  EXPECT_EQ(text.size(), 4 * 1024U + 1024U);
  EXPECT_EQ(text.find("timestamp.json"), 3 * 1024U) << "it comes last";
  EXPECT_EQ(text.find("targets/a/0123.keys.json"), 0U);
}

}  // namespace
}  // namespace cosign::mirror_create
