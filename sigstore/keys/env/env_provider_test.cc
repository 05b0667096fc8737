#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_env();

namespace {

class EnvKeys : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  std::unique_ptr<Provider> env = make_env();
  Error error(const std::string& reference) { return env->open_signer(fake.env(), reference).error(); }
};

TEST_F(EnvKeys, OpensAPair) {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  fake.variables.values = {
      {"COSIGN_PASSWORD", "pw"},
      {"KEY", *seal_private_key(key->pkcs8(), Secret(std::string_view("pw")), fake.random)},
      {"PUB", key->public_key().pem()}};
  const auto signer = env->open_signer(fake.env(), "env://KEY");
  ASSERT_TRUE(signer) << signer.error().text();
  EXPECT_EQ((*signer)->public_key(), *env->open_public(fake.env(), "env://PUB"));
  EXPECT_EQ(error("env://PUB").message, "$PUB is a public key, and a private key is needed here");
}

TEST_F(EnvKeys, Errors) {
  EXPECT_EQ(error("cosign.key").code, Code::not_mine);
  EXPECT_EQ(env->open_public(fake.env(), "cosign.pub").error().code, Code::not_mine);
  EXPECT_EQ(error("env://").code, Code::invalid_argument);
  EXPECT_EQ(error("env://KEY").message, "the environment variable KEY is not set");
  fake.variables.values["KEY"] = "";
  EXPECT_EQ(error("env://KEY").message, "the environment variable KEY is empty");
  fake.variables.values["KEY"] = "-----BEGIN PUBLIC KEY----- AAAA -----END PUBLIC KEY-----";
  EXPECT_EQ(error("env://KEY").message, "the key in the environment variable KEY has lost its line breaks");
  EXPECT_EQ(error("env://KEY").hint, "export KEY=\"$(cat cosign.key)\"");
  EXPECT_EQ(env->open_public(fake.env(), "env://KEY").error().hint, "export KEY=\"$(cat cosign.pub)\"");
}

}  // namespace
}  // namespace sigstore::keys
