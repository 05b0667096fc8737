#include "sigstore/keys/file/key_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/pem.h"
#include "sigstore/keys/file/internal/sealed_key.h"

namespace sigstore::keys {
namespace {

std::string sample(const std::string& name) {
  std::ifstream stream(TESTDATA "/" + name);
  EXPECT_TRUE(stream) << name;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// One password per line: usual, empty, beyond ASCII.
std::string password_of(const std::string& version, const std::string& key) {
  std::istringstream lines(sample(version + "/passwords.txt"));
  std::string usual, empty, utf8;
  std::getline(lines, usual);
  std::getline(lines, empty);
  std::getline(lines, utf8);
  if (key == "p256-empty-password") return empty;
  return key == "p256-utf8-password" ? utf8 : usual;
}

struct Sample {
  std::string version, key;
  crypto::KeyType type;
};

class RealKeys : public ::testing::TestWithParam<Sample> {};

TEST_P(RealKeys, OpenAndBelongToTheirPublicKeys) {
  const auto& [version, name, type] = GetParam();
  fakes::FakeEnv fake;
  fake.variables.values["COSIGN_PASSWORD"] = password_of(version, name);
  const auto key = unlock(fake.env(), sample(version + "/" + name + ".key"), name);
  ASSERT_TRUE(key) << key.error().text();
  const auto pub = crypto::PublicKey::from_pem(sample(version + "/" + name + ".pub"), name);
  ASSERT_TRUE(pub) << pub.error().text();
  EXPECT_EQ(key->public_key(), *pub);
  EXPECT_EQ(pub->type(), type);
  EXPECT_EQ(pub->pem(), sample(version + "/" + name + ".pub"));
}

std::vector<Sample> samples() {
  std::vector<Sample> all;
  for (const std::string version : {"cosign-2.6.5", "cosign-3.1.2"}) {
    using enum crypto::KeyType;
    for (const auto& [key, type] : std::map<std::string, crypto::KeyType>{{"p256", ecdsa_p256},
                                                                          {"p256-empty-password", ecdsa_p256},
                                                                          {"p256-utf8-password", ecdsa_p256},
                                                                          {"p384", ecdsa_p384},
                                                                          {"p521", ecdsa_p521},
                                                                          {"rsa2048", rsa},
                                                                          {"ed25519", ed25519}})
      all.push_back({version, key, type});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, RealKeys, ::testing::ValuesIn(samples()));

const Secret secret_text(std::string_view("not really PKCS#8"));

std::string sealed_with(std::string_view password) {
  fakes::SeededRandom random;
  return *seal_private_key(secret_text, Secret(password), random);
}

TEST(KeyFile, FormIsTheOriginals) {
  const std::string pem = sealed_with("pw");
  EXPECT_TRUE(pem.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
  const auto block = codec::pem::parse_first(pem, "it");
  const std::string json = to_text(block->body);
  EXPECT_TRUE(json.starts_with(R"({"kdf":{"name":"scrypt","params":{"N":65536,"r":8,"p":1},"salt":")"))
      << json;
  EXPECT_NE(json.find(R"("},"cipher":{"name":"nacl/secretbox","nonce":")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("},"ciphertext":")"), std::string::npos) << json;
  const auto sealed = internal::parse_sealed_key(pem, "it");
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->salt.size(), 32u);
  EXPECT_EQ(sealed->nonce.size(), 24u);
  EXPECT_EQ(sealed->ciphertext.size(), 16 + secret_text.size());
}

TEST(KeyFile, SealsAndOpensUnderBothLabels) {
  std::string pem = sealed_with("pw");
  EXPECT_EQ(open_private_key(pem, Secret(std::string_view("pw")), "it")->reveal(), secret_text.reveal());
  for (std::size_t at; (at = pem.find(key_label)) != std::string::npos;)
    pem.replace(at, key_label.size(), old_key_label);
  EXPECT_EQ(open_private_key(pem, Secret(std::string_view("pw")), "it")->reveal(), secret_text.reveal());
  const auto refused = open_private_key(pem, Secret(std::string_view("PW")), "it");
  EXPECT_EQ(refused.error(), (Error{Code::wrong_password, "the password does not open it", "", ""}));
}

TEST(KeyFile, OpensTheOtherCosts) {
  for (const std::uint64_t n : {32768u, 131072u}) {
    internal::SealedKey sealed{{n, 8, 1}, Bytes(32, 1), Bytes(24, 2), {}};
    const Secret password(std::string_view("pw"));
    const auto key = crypto::scrypt(password, sealed.salt, sealed.cost, crypto::secretbox_key_size);
    sealed.ciphertext = crypto::secretbox_seal(secret_text, sealed.nonce, *key);
    EXPECT_EQ(open_private_key(internal::write_sealed_key(sealed), password, "it")->reveal(),
              secret_text.reveal());
  }
}

std::string with_json(std::string_view json) {
  return codec::pem::encode(key_label, as_bytes(json));
}

std::string changed(std::string_view from, std::string_view to) {
  std::string json = to_text(codec::pem::parse_first(sealed_with("pw"), "it")->body);
  return with_json(json.replace(json.find(from), from.size(), to));
}

TEST(KeyFile, OtherParametersAreRefusedBeforeAnyWork) {
  const auto error = [](const std::string& pem) { return check_key_file(pem, "k").error(); };
  EXPECT_EQ(error(changed("65536", "65535")).code, Code::unsupported);
  EXPECT_EQ(error(changed("65536", "1073741824")).code, Code::unsupported);
  EXPECT_EQ(error(changed("\"r\":8", "\"r\":9")).cause,
            "unsupported scrypt parameters: N=65536, r=9, p=1 is not one of those that cosign writes");
  EXPECT_EQ(error(changed("\"p\":1", "\"p\":-1")).code, Code::malformed);
  EXPECT_EQ(error(changed("scrypt", "argon2id")).cause,
            "kdf \"argon2id\" is not supported: only \"scrypt\" is");
  EXPECT_EQ(error(changed("nacl/secretbox", "aes")).code, Code::unsupported);
  EXPECT_EQ(error(changed("\"nonce\":\"", "\"nonce\":\"AAAA")).cause,
            "incorrect nonce size: 27 bytes instead of 24");
  EXPECT_EQ(error(changed("\"salt\":\"", "\"salt\":\"!")).code, Code::malformed);
  EXPECT_EQ(error(changed("\"ciphertext\":\"", "\"ciphertext\":\"\",\"x\":\"")).cause,
            "the ciphertext is cut short");
  EXPECT_EQ(error(with_json("{")).code, Code::malformed);
  EXPECT_EQ(error(with_json("[]")).code, Code::malformed);
  EXPECT_EQ(error(with_json("{}")).code, Code::malformed);
}

TEST(KeyFile, ForeignFilesAreExplained) {
  const auto error = [](const std::string& pem) { return check_key_file(pem, "my.key").error(); };
  const auto labelled = [&](std::string_view label) {
    return error(codec::pem::encode(label, as_bytes("x")));
  };
  EXPECT_EQ(error("").text(), "my.key is not a private key: it is empty");
  EXPECT_EQ(error("hello").text(), "my.key is not a private key: it is not PEM");
  for (const auto* label : {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"}) {
    EXPECT_EQ(labelled(label).message, "my.key is not encrypted, and only encrypted private keys are used");
    EXPECT_EQ(labelled(label).hint, "cosign import-key-pair --key my.key makes an encrypted one of it");
    EXPECT_EQ(labelled(label).code, Code::unsupported);
  }
  EXPECT_EQ(labelled("OPENSSH PRIVATE KEY").message, "my.key is a private key of another program");
  EXPECT_EQ(labelled("PUBLIC KEY").message, "my.key is a public key, and a private key is needed here");
  EXPECT_EQ(labelled("CERTIFICATE").cause, "its PEM type is \"CERTIFICATE\"");
}

// --- passwords

class Passwords : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  static std::string key_with(std::string_view password) {
    fakes::SeededRandom random;
    auto key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
    return *seal_private_key(key->pkcs8(), Secret(password), random);
  }
};

TEST_F(Passwords, VariableWinsEvenWhenEmpty) {
  fake.variables.values["COSIGN_PASSWORD"] = "";
  EXPECT_TRUE(unlock(fake.env(), key_with(""), "k"));
  const auto refused = unlock(fake.env(), key_with("pw"), "k");
  EXPECT_EQ(refused.error().text(),
            "the password does not open k: the password is empty (COSIGN_PASSWORD is set, and empty)");
  EXPECT_TRUE(fake.prompter.asked().empty());
}

TEST_F(Passwords, ALineBreakAtTheEndMayOrMayNotBelongToIt) {
  for (const std::string made_with : {"pw", "pw\n"}) {
    fake.prompter.type("pw\n");
    EXPECT_TRUE(unlock(fake.env(), key_with(made_with), "k")) << made_with.size();
  }
  fake.prompter.type("pw\n");
  EXPECT_EQ(unlock(fake.env(), key_with("pw\n\n"), "k").error().code, Code::wrong_password);
  fake.prompter.type("pw\r\n");
  EXPECT_TRUE(unlock(fake.env(), key_with("pw"), "k"));
  fake.prompter.type("pw");
  EXPECT_EQ(unlock(fake.env(), key_with("pw\n"), "k").error().code, Code::wrong_password);
}

TEST_F(Passwords, WrongOneSaysWhereItCameFrom) {
  fake.variables.values["COSIGN_PASSWORD"] = "guess";
  auto error = unlock(fake.env(), key_with("pw"), "cosign.key").error();
  EXPECT_EQ(error.text(), "the password does not open cosign.key: it was taken from COSIGN_PASSWORD");
  fake.variables.values.clear();
  fake.prompter.type("guess");
  error = unlock(fake.env(), key_with("pw"), "cosign.key").error();
  EXPECT_EQ(error.text(), "the password does not open cosign.key");
  EXPECT_EQ(error.hint, "try again, or set COSIGN_PASSWORD");
}

TEST_F(Passwords, NobodyIsAskedForAKeyThatCannotBeUsed) {
  EXPECT_FALSE(unlock(fake.env(), codec::pem::encode("PUBLIC KEY", as_bytes("x")), "k"));
  EXPECT_TRUE(fake.prompter.asked().empty());
  EXPECT_EQ(unlock(fake.env(), key_with("pw"), "k").error().code, Code::declined);
  EXPECT_EQ(fake.prompter.asked(), std::vector<std::string>{"password: Enter password for private key: "});
}

TEST_F(Passwords, NewOneLosesOneLineBreak) {
  fake.prompter.type("pw\n");
  EXPECT_EQ(new_password(fake.env())->reveal(), "pw");
  fake.prompter.type("pw\r\n");
  EXPECT_EQ(new_password(fake.env())->reveal(), "pw");
  fake.prompter.type("pw\n\n");
  EXPECT_EQ(new_password(fake.env())->reveal(), "pw\n");
  EXPECT_EQ(fake.prompter.asked().front(), "password twice: Enter password for private key: ");
  fake.variables.values["COSIGN_PASSWORD"] = "from variable\n";
  EXPECT_EQ(new_password(fake.env())->reveal(), "from variable\n");
}

TEST_F(Passwords, APlainTextThatIsNoKeyIsExplained) {
  fake.variables.values["COSIGN_PASSWORD"] = "pw";
  EXPECT_EQ(unlock(fake.env(), sealed_with("pw"), "k").error().message,
            "k holds a private key that cannot be used");
}

}  // namespace
}  // namespace sigstore::keys
