#include "sigstore/keys/plugin/plugin.h"

#include "sigstore/base/limits.h"
#include "sigstore/base/stream.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_plugin();

namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using crypto::Scheme;

std::string answer(const std::string& method, const std::string& name, BytesView value) {
  return R"({")" + method + R"(":{")" + name + R"(":")" + codec::base64::encode(value) + R"("}})";
}

class PluginKeys : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  std::unique_ptr<Provider> plugin = make_plugin();
  PrivateKey key = PrivateKey::generate(KeyType::ecdsa_p256).value();

  void says(std::string out, int exit_code = 0) {
    fake.processes.answer(ProcessOutput{exit_code, std::move(out), {}});
  }
  void says_key(const PrivateKey& which) {
    says(answer("publicKey", "publicKeyPEM", as_bytes(which.public_key().pem())));
  }
  void says_signature(const Bytes& signature) { says(answer("signMessage", "signature", signature)); }
  std::unique_ptr<crypto::Signer> open(const PrivateKey& which) {
    says_key(which);
    auto signer = plugin->open_signer(fake.env(), "x://some/key");
    EXPECT_TRUE(signer) << signer.error().text();
    return std::move(*signer);
  }
  Error error(const std::string& reference = "x://k") {
    return plugin->open_public(fake.env(), reference).error();
  }
};

TEST_F(PluginKeys, TheProgramIsNamedByTheScheme) {
  says_key(key);
  EXPECT_EQ(plugin->open_public(fake.env(), "my-hsm://slot/1://x"), key.public_key());
  const auto calls = fake.processes.calls();
  ASSERT_EQ(calls.size(), 1u);
  ASSERT_EQ(calls[0].argv.size(), 3u);
  EXPECT_EQ(calls[0].argv[0], "sigstore-kms-my-hsm");
  EXPECT_EQ(calls[0].argv[1], "v1");
  EXPECT_NE(calls[0].argv[2].find(R"("keyResourceID":"slot/1://x")"), std::string::npos);
  EXPECT_NE(calls[0].argv[2].find(R"("ctxDeadline":")"), std::string::npos);
  EXPECT_EQ(calls[0].input, "");
  EXPECT_TRUE(calls[0].speaking);
}

TEST_F(PluginKeys, WhatIsOfOthersIsNotAskedFor) {
  for (const char* reference : {"cosign.key", "", "env://X", "http://h/k", "https://h/k", "://k", "a/b://k",
                                "../x://k", "a b://k", "pkcs11:token=t"}) {
    EXPECT_EQ(plugin->open_signer(fake.env(), reference).error().code, Code::not_mine) << reference;
    EXPECT_EQ(plugin->open_public(fake.env(), reference).error().code, Code::not_mine) << reference;
    EXPECT_EQ(plugin->create(fake.env(), reference, {}).error().code, Code::not_mine) << reference;
  }
  EXPECT_EQ(error("x://\xff").code, Code::invalid_argument);
  EXPECT_EQ(error("x://" + std::string(5000, 'k')).code, Code::too_large);
  EXPECT_TRUE(fake.processes.calls().empty());
}

TEST_F(PluginKeys, NoSuchProgram) {
  Error none = error("my-hsm://k");  // an empty script is no program
  EXPECT_EQ(none.code, Code::not_found);
  EXPECT_EQ(none.message, "there is no program sigstore-kms-my-hsm on PATH");
  EXPECT_EQ(none.hint, "put the plugin for my-hsm:// on PATH under that name (docs/keys.md)");
  fake.processes.answer(fail(Code::not_found, "the program /p/x is not executable", {}, "chmod +x /p/x"));
  EXPECT_EQ(error("x://k"), (Error{Code::not_found, "the plugin sigstore-kms-x cannot be used",
                                   "the program /p/x is not executable", "chmod +x /p/x"}));
  EXPECT_NE(error("awskms:///alias/k").hint.find("AWS KMS"), std::string::npos);
  EXPECT_NE(error("gcpkms://k").hint.find("Google Cloud KMS"), std::string::npos);
  EXPECT_NE(error("azurekms://k").hint.find("Azure Key Vault"), std::string::npos);
}

TEST_F(PluginKeys, DeadlineOfTheRun) {
  Context context(fake.env());
  context.deadline = fake.clock.steady() + std::chrono::seconds(3);
  says_key(key);
  ASSERT_TRUE(plugin->open_public(context, "x://k"));
  context.deadline = fake.clock.steady() + std::chrono::hours(3);
  says_key(key);
  ASSERT_TRUE(plugin->open_public(context, "x://k"));
  const auto calls = fake.processes.calls();
  const auto deadline = [&](Duration after) {
    return plugin::public_key_call({"k", crypto::HashAlgorithm::sha256,
                                    fake.clock.now() + std::chrono::duration_cast<Time::duration>(after)});
  };
  EXPECT_EQ(calls[0].argv[2], deadline(std::chrono::seconds(3)));
  EXPECT_EQ(calls[1].argv[2], deadline(limits::plugin_timeout));
}

TEST_F(PluginKeys, SignsAMessageThatIsAtHand) {
  const auto signer = open(key);
  EXPECT_EQ(signer->public_key(), key.public_key());
  EXPECT_TRUE(signer->wants_message());
  const auto message = as_bytes("hello\n");
  const auto signature = *key.sign(Scheme::ecdsa_sha256, message);
  says_signature(signature);
  EXPECT_EQ(signer->sign(Scheme::ecdsa_sha256, message), signature);
  says_signature(signature);
  EXPECT_EQ(signer->sign_stream(Scheme::ecdsa_sha256, text_source("hello\n")), signature);
  const auto calls = fake.processes.calls();
  ASSERT_EQ(calls.size(), 3u);  // the public key was asked for once
  EXPECT_EQ(calls[1].input, "hello\n");
  EXPECT_NE(
      calls[1].argv[2].find(R"("messageOptions":{"digest":"WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM="})"),
      std::string::npos);
  EXPECT_EQ(calls[1].argv, calls[2].argv);
  EXPECT_EQ(calls[1].input, calls[2].input);
}

TEST_F(PluginKeys, SignsADigestAlone) {
  const auto signer = open(key);
  const Bytes digest = crypto::sha256(as_bytes("hello\n"));
  const auto signature = *key.sign_digest(Scheme::ecdsa_sha256, digest);
  says_signature(signature);
  EXPECT_EQ(signer->sign_digest(Scheme::ecdsa_sha256, digest), signature);
  EXPECT_EQ(fake.processes.calls()[1].input, "");
  EXPECT_NE(fake.processes.calls()[1].argv[2].find(R"(vgM=","hashFunc":5})"), std::string::npos);
  EXPECT_EQ(signer->sign_digest(Scheme::ecdsa_sha256, as_bytes("short")).error().code,
            Code::invalid_argument);
  EXPECT_EQ(signer->sign_digest(Scheme::rsa_pkcs1_sha256, digest).error().code, Code::invalid_argument);
}

TEST_F(PluginKeys, WhatIsTooLargeForAPipeIsADigest) {
  const auto signer = open(key);
  const std::string large(limits::kept_message_bytes + 1, 'x');
  says_signature(*key.sign(Scheme::ecdsa_sha256, as_bytes(large)));
  EXPECT_TRUE(signer->sign_stream(Scheme::ecdsa_sha256, text_source(large)));
  EXPECT_EQ(fake.processes.calls()[1].input, "");
  EXPECT_NE(fake.processes.calls()[1].argv[2].find(R"("hashFunc":5}}}})"), std::string::npos);
}

TEST_F(PluginKeys, OtherTypesOfKeys) {
  for (const auto& [type, scheme] : {std::pair{KeyType::rsa, Scheme::rsa_pkcs1_sha256},
                                     std::pair{KeyType::ecdsa_p384, Scheme::ecdsa_sha384},
                                     std::pair{KeyType::ecdsa_p384, Scheme::ecdsa_sha256}}) {
    auto other = PrivateKey::generate(type).value();
    const auto signer = open(other);
    says_signature(*other.sign(scheme, as_bytes("m")));
    EXPECT_TRUE(signer->sign(scheme, as_bytes("m"))) << name(scheme);
  }
  EXPECT_NE(fake.processes.calls()[3].argv[2].find(R"("hashFunc":6,)"), std::string::npos);
}

TEST_F(PluginKeys, Ed25519SignsTheMessageItself) {
  auto other = PrivateKey::generate(KeyType::ed25519).value();
  const auto signer = open(other);
  says_signature(*other.sign(Scheme::ed25519, as_bytes("m")));
  EXPECT_TRUE(signer->sign_stream(Scheme::ed25519, text_source("m")));
  EXPECT_EQ(fake.processes.calls()[1].input, "m");
  EXPECT_NE(fake.processes.calls()[1].argv[2].find(R"("messageOptions":{"digest":null})"), std::string::npos);
  EXPECT_EQ(signer->sign_digest(Scheme::ed25519, crypto::sha256({})).error().code, Code::invalid_argument);
  const std::string large(limits::kept_message_bytes + 1, 'x');
  EXPECT_EQ(signer->sign_stream(Scheme::ed25519, text_source(large)).error().code, Code::too_large);
}

TEST_F(PluginKeys, ASignatureByAnotherKeyIsNotUsed) {
  const auto signer = open(key);
  auto other = PrivateKey::generate(KeyType::ecdsa_p256).value();
  says_signature(*other.sign(Scheme::ecdsa_sha256, as_bytes("m")));
  const auto error = signer->sign(Scheme::ecdsa_sha256, as_bytes("m")).error();
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_EQ(error.message, "the plugin sigstore-kms-x signed with another key than it gave");
  EXPECT_NE(error.cause.find(key.public_key().fingerprint()), std::string::npos);
  EXPECT_NE(error.hint.find("a signature of ECDSA is ASN.1 DER (no r || s), in base64"), std::string::npos);
  for (const auto& signature : {Bytes{1, 2, 3}, *key.sign(Scheme::ecdsa_sha256, as_bytes("n"))}) {
    says_signature(signature);
    EXPECT_EQ(signer->sign(Scheme::ecdsa_sha256, as_bytes("m")).error().code, Code::mismatch);
  }
}

TEST_F(PluginKeys, AnRsaKeyMaySignByPss) {
  auto rsa = PrivateKey::generate(KeyType::rsa).value();
  const auto signer = open(rsa);
  says_signature(Bytes(384, 1));
  const auto error = signer->sign(Scheme::rsa_pkcs1_sha256, as_bytes("m")).error();
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_TRUE(error.hint.ends_with(", and that it signs by PKCS#1 v1.5 and not by PSS"));
}

TEST_F(PluginKeys, MakesAKey) {
  says(R"({"defaultAlgorithm":{"defaultAlgorithm":"ecdsa-p256"}})");
  says(answer("createKey", "publicKeyPEM", as_bytes(key.public_key().pem())));
  EXPECT_EQ(plugin->create(fake.env(), "x://k", {}), key.public_key());
  EXPECT_NE(fake.processes.calls()[1].argv[2].find(R"("algorithm":"ecdsa-p256"})"), std::string::npos);
  says(answer("createKey", "publicKeyPEM", as_bytes(key.public_key().pem())));
  EXPECT_EQ(plugin->create(fake.env(), "x://k", {.algorithm = "rsa-4096"}), key.public_key());
  EXPECT_NE(fake.processes.calls()[2].argv[2].find(R"("algorithm":"rsa-4096"})"), std::string::npos);
}

TEST_F(PluginKeys, TheExitCodeIsNotLookedAt) {
  says(answer("publicKey", "publicKeyPEM", as_bytes(key.public_key().pem())), 1);
  EXPECT_EQ(plugin->open_public(fake.env(), "x://k"), key.public_key());
}

TEST_F(PluginKeys, ItDoesNotAnswer) {
  says("", 139);
  Error e = error();
  EXPECT_EQ(e.code, Code::malformed);
  EXPECT_EQ(e.message, "the plugin sigstore-kms-x gave no answer");
  EXPECT_EQ(e.cause, "it wrote nothing to its standard output, and ended with exit code 139");
  says(R"({"errorMessage":"no such key"})");
  e = error();
  EXPECT_EQ(e.message, "the plugin sigstore-kms-x cannot give the public key of k");
  EXPECT_EQ(e.cause, "no such key");
  fake.processes.answer(fail(Code::timeout, "the program did not end in time"));
  EXPECT_EQ(error().message, "the plugin sigstore-kms-x did not answer in time");
  fake.processes.answer(fail(Code::too_large, "cannot use it", "more than 1048576 bytes"));
  e = error();
  EXPECT_EQ(e.code, Code::too_large);
  EXPECT_EQ(e.cause, "more than 1048576 bytes");
  fake.processes.answer(fail(Code::cancelled, "interrupted"));
  EXPECT_EQ(error().code, Code::cancelled);
  fake.processes.answer(fail(Code::io, "cannot start it", "exec format error"));
  EXPECT_EQ(error().message, "the plugin sigstore-kms-x cannot be used");
}

}  // namespace
}  // namespace sigstore::keys
