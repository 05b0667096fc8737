#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/keys/file/key_file.h"
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
  EXPECT_EQ(open_signer(fake.env(), "nothing://x").error().message,
            "there is no program sigstore-kms-nothing on PATH");
  EXPECT_EQ(open_signer(fake.env(), "https://x").error().code, Code::unsupported);
  EXPECT_EQ(create(fake.env(), "https://x", {}).error().message, "no key can be made at https://x");
}

TEST(Keys, PublicHalfOfEither) {
  fakes::FakeEnv fake;
  auto key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  fake.files.put("a.pub", key->public_key().pem());
  fake.files.put("a.key", *seal_private_key(key->pkcs8(), Secret(std::string_view("pw")), fake.random));
  EXPECT_EQ(open_public_half(fake.env(), "a.pub"), key->public_key());
  EXPECT_TRUE(fake.prompter.asked().empty());
  fake.prompter.type("pw");
  EXPECT_EQ(open_public_half(fake.env(), "a.key"), key->public_key());
  EXPECT_EQ(open_public_half(fake.env(), "no.pub").error().code, Code::not_found);
}

}  // namespace
}  // namespace sigstore::keys
