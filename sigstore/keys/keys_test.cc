#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {
namespace {

TEST(Keys, FileIsAskedLast) {
  ASSERT_GE(providers().size(), 2u);
  EXPECT_EQ(providers().back()->name(), "file");
}

TEST(Keys, EachReferenceGoesToItsProvider) {
  fakes::FakeEnv fake;
  EXPECT_EQ(open_public(fake.env(), "env://NO").error().message, "the environment variable NO is not set");
  EXPECT_EQ(open_public(fake.env(), "no.pub").error().message, "key file not found: no.pub");
  EXPECT_EQ(open_signer(fake.env(), "no.key").error().message, "key file not found: no.key");
  EXPECT_EQ(open_signer(fake.env(), "gcpkms://x").error().code, Code::unsupported);
}

}  // namespace
}  // namespace sigstore::keys
