#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_file();

namespace {

class FileKeys : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  std::unique_ptr<Provider> file = make_file();
  Error private_error(const std::string& reference) {
    return file->open_signer(fake.env(), reference).error();
  }
  Error public_error(const std::string& reference) {
    return file->open_public(fake.env(), reference).error();
  }
};

TEST_F(FileKeys, OpensAPair) {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  fake.variables.values["COSIGN_PASSWORD"] = "pw";
  fake.files.put("keys/cosign.key",
                 *seal_private_key(key->pkcs8(), Secret(std::string_view("pw")), fake.random));
  fake.files.put("keys/cosign.pub", key->public_key().pem());
  const auto signer = file->open_signer(fake.env(), "keys/cosign.key");
  ASSERT_TRUE(signer) << signer.error().text();
  const auto pub = file->open_public(fake.env(), "keys/cosign.pub");
  ASSERT_TRUE(pub) << pub.error().text();
  const auto signature = (*signer)->sign(crypto::Scheme::ecdsa_sha256, as_bytes("m"));
  EXPECT_TRUE(pub->verify(crypto::Scheme::ecdsa_sha256, as_bytes("m"), *signature));
  EXPECT_EQ(private_error("keys/cosign.pub").message,
            "keys/cosign.pub is a public key, and a private key is needed here");
  EXPECT_EQ(public_error("keys/cosign.key").message,
            "keys/cosign.key is a private key, and a public key is needed here");
}

TEST_F(FileKeys, MissingAndUnreadableFiles) {
  EXPECT_EQ(private_error("cosign.key"), public_error("cosign.key"));
  EXPECT_EQ(private_error("cosign.key").message, "key file not found: cosign.key");
  EXPECT_EQ(private_error("cosign.key").code, Code::not_found);
  EXPECT_EQ(private_error("PKCS11:token=T?pin-value=1234").message,
            "key file not found: PKCS11:token=T?pin-value=******");
  EXPECT_NE(private_error("cosign.key").hint.find("cosign generate-key-pair"), std::string::npos);
  fake.files.put("folder/x", "");
  EXPECT_EQ(private_error("folder").text(), "cannot read key file folder: it is a directory");
  fake.files.put("large", std::string(limits::key_file_bytes + 1, 'x'));
  EXPECT_EQ(private_error("large").code, Code::too_large);
  EXPECT_EQ(private_error("").code, Code::invalid_argument);
}

TEST_F(FileKeys, WebAddressesAreNotFetched) {
  EXPECT_EQ(public_error("https://host/cosign.pub").code, Code::unsupported);
  EXPECT_EQ(public_error("https://host/cosign.pub").hint, "download the key, and give its file");
  EXPECT_EQ(private_error("http://host/cosign.key").code, Code::unsupported);
  EXPECT_EQ(private_error("./odd://name").code, Code::not_found);  // a path as any other
}

}  // namespace
}  // namespace sigstore::keys
