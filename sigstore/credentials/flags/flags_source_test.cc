#include "sigstore/credentials/flags/flags_source.h"

namespace sigstore::credentials {
namespace {

Result<std::optional<remote::Credential>> find(Flags flags) {
  return make_flags_source(std::move(flags))->find({"r.example", "app"});
}

TEST(FlagsSource, UsernameAndPassword) {
  const auto found = find({"dev", Secret("s3cret"), {}});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->username, "dev");
  EXPECT_EQ((*found)->password.reveal(), "s3cret");
  EXPECT_EQ((*found)->source, "the command line");
}

TEST(FlagsSource, ThePasswordBeforeTheToken) {
  const auto found = find({"dev", Secret("s3cret"), Secret("token")});
  ASSERT_TRUE(found && *found);
  EXPECT_TRUE((*found)->registry_token.empty());
}

TEST(FlagsSource, TheToken) {
  const auto found = find({{}, {}, Secret("token")});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->registry_token.reveal(), "token");
  const auto half = find({"dev", {}, Secret("token")});
  ASSERT_TRUE(half && *half);
  EXPECT_EQ((*half)->registry_token.reveal(), "token");
}

TEST(FlagsSource, HalfOfAPairIsNothing) {
  EXPECT_FALSE(*find({}));
  EXPECT_FALSE(*find({"dev", {}, {}}));
  EXPECT_FALSE(*find({{}, Secret("s3cret"), {}}));
}

}  // namespace
}  // namespace sigstore::credentials
