#include "cosign/commands/upload-blob/files.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace cosign::upload_blob {
namespace {

using sigstore::Code;

class UploadFiles : public testing::Test {
 protected:
  auto parse(const std::vector<std::string>& words) { return parse_files(words, *fake.env().files); }
  sigstore::fakes::FakeEnv fake;
};

TEST_F(UploadFiles, WithAndWithoutAPlatform) {
  const auto one = parse({"dir/file"});
  ASSERT_TRUE(one);
  EXPECT_EQ((*one)[0].path, "dir/file");
  EXPECT_FALSE((*one)[0].platform);
  const auto some = parse({"a:linux", "b:linux/amd64", "b:linux/arm64/v8"});
  ASSERT_TRUE(some) << some.error().text();
  EXPECT_EQ((*some)[0].platform->os, "linux");
  EXPECT_EQ((*some)[0].platform->architecture, "");
  EXPECT_EQ((*some)[1].platform->text(), "linux/amd64");
  EXPECT_EQ((*some)[2].platform->variant, "v8");
}

TEST_F(UploadFiles, AFileOfThatNameIsThatFile) {
  ASSERT_TRUE(fake.env().files->write_atomic("a:linux", "x", 0600));
  EXPECT_EQ((*parse({"a:linux"}))[0].path, "a:linux");
}

TEST_F(UploadFiles, EachOfSeveralNeedsAPlatformOfItsOwn) {
  for (const std::vector<std::string>& bad : {std::vector<std::string>{},
                                              {"a", "b:linux"},
                                              {"a:linux/amd64", "b:linux/amd64"},
                                              {"a:linux", "b:linux"}})
    EXPECT_EQ(parse(bad).error().code, Code::invalid_argument);
  EXPECT_FALSE(parse({"a:"}));
  EXPECT_FALSE(parse({"a:linux/"}));
}

}  // namespace
}  // namespace cosign::upload_blob
