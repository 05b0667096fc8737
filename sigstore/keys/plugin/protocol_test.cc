#include "sigstore/keys/plugin/protocol.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"

namespace sigstore::keys::plugin {
namespace {

const Subject bare{"some/key?x=1&y=\"", crypto::HashAlgorithm::sha256, std::nullopt};
const Expected expected{"sigstore-kms-x", "the plugin sigstore-kms-x cannot sign"};

std::string with_options(const std::string& rest) {
  return R"({"initOptions":{"protocolVersion":"v1","keyResourceID":"some/key?x=1\u0026y=\"","hashFunc":5,)"
         R"("rpcOptions":{"keyVersion":"","remoteVerification":false}},)" +
         rest + "}";
}

// Each as cosign 3.1.2 wrote it to a plugin that noted its arguments.
TEST(PluginCalls, AreTheWordsOfRealCosign) {
  EXPECT_EQ(default_algorithm_call(bare),
            with_options(R"("methodName":"defaultAlgorithm","defaultAlgorithm":{})"));
  EXPECT_EQ(create_key_call(bare, "ecdsa-p256"),
            with_options(R"("methodName":"createKey","createKey":{"algorithm":"ecdsa-p256"})"));
  EXPECT_EQ(public_key_call(bare),
            with_options(R"("methodName":"publicKey","publicKey":{"publicKeyOptions":{"rpcOptions":)"
                         R"({"keyVersion":"","remoteVerification":false}}})"));
  const std::string signing = R"("methodName":"signMessage","signMessage":{"signOptions":{"rpcOptions":)"
                              R"({"keyVersion":"","remoteVerification":false},"messageOptions":)";
  EXPECT_EQ(sign_message_call(bare, Bytes{1, 2, 3}), with_options(signing + R"({"digest":"AQID"}}})"));
  EXPECT_EQ(sign_message_call(bare, std::nullopt), with_options(signing + R"({"digest":null}}})"));
  EXPECT_EQ(sign_digest_call(bare, Bytes{1, 2, 3}),
            with_options(signing + R"({"digest":"AQID","hashFunc":5}}})"));
}

TEST(PluginCalls, DeadlineAndHash) {
  const Subject subject{"k", crypto::HashAlgorithm::sha384, Time(std::chrono::milliseconds(1500))};
  const std::string start =
      R"({"initOptions":{"ctxDeadline":"1970-01-01T00:00:01.500Z","protocolVersion":"v1",)"
      R"("keyResourceID":"k","hashFunc":6,)";
  EXPECT_TRUE(public_key_call(subject).starts_with(start)) << public_key_call(subject);
  EXPECT_TRUE(
      create_key_call(subject, "rsa-4096")
          .ends_with(R"("createKey":{"ctxDeadline":"1970-01-01T00:00:01.500Z","algorithm":"rsa-4096"}})"));
  EXPECT_TRUE(sign_digest_call({"k", crypto::HashAlgorithm::sha512, {}}, Bytes{0})
                  .ends_with(R"("messageOptions":{"digest":"AA==","hashFunc":7}}}})"));
}

std::string public_key_answer(const std::string& pem) {
  return R"({"publicKey":{"publicKeyPEM":")" + codec::base64::encode(as_bytes(pem)) + R"("}})";
}

TEST(PluginAnswers, What) {
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p384);
  const std::string pem = key->public_key().pem();
  EXPECT_EQ(read_public_key(public_key_answer(pem), expected), key->public_key());
  EXPECT_EQ(read_created_key(R"({"createKey":{"publicKeyPEM":")" + codec::base64::encode(as_bytes(pem)) +
                                 R"(","more":[1]},"errorMessage":""})",
                             expected),
            key->public_key());
  EXPECT_EQ(read_signature(R"({"signMessage":{"signature":"AQID"}})"
                           "\n",
                           expected),
            (Bytes{1, 2, 3}));
  EXPECT_EQ(read_default_algorithm(R"({"defaultAlgorithm":{"defaultAlgorithm":"RSA_4096"}})", expected),
            "RSA_4096");
}

TEST(PluginAnswers, AnErrorMessageIsTheCause) {
  const auto error =
      read_signature(
          R"({"errorMessage":"404:\tno key\u001b[2J\nverified\u202e\n","signMessage":{"signature":"AQID"}})",
          expected)
          .error();
  EXPECT_EQ(error.code, Code::io);
  EXPECT_EQ(error.message, "the plugin sigstore-kms-x cannot sign");
  EXPECT_EQ(error.cause, "404:\\tno key\\x1b[2J\\nverified\\u202e");
  const std::string many(100000, 'x');
  EXPECT_LT(read_signature(R"({"errorMessage":")" + many + R"("})", expected).error().cause.size(), 1100u);
}

TEST(PluginAnswers, ThatAreNone) {
  for (const std::string answer : {"",
                                   " ",
                                   "no",
                                   "{",
                                   "[]",
                                   "7",
                                   "null",
                                   "{}",
                                   "{}{}",
                                   R"({"publicKey":null})",
                                   R"({"publicKey":[]})",
                                   R"({"publicKey":{}})",
                                   R"({"publicKey":{"publicKeyPEM":null}})",
                                   R"({"publicKey":{"publicKeyPEM":7}})",
                                   R"({"publicKey":{"publicKeyPEM":""}})",
                                   R"({"publicKey":{"publicKeyPEM":"%%%"}})",
                                   R"({"publicKey":{"publicKeyPEM":"AQID"}})",
                                   R"({"createKey":{"publicKeyPEM":"AQID"}})",
                                   R"({"errorMessage":7,"publicKey":{"publicKeyPEM":"AQID"}})",
                                   R"({"errorMessage":{"text":"no"}})",
                                   "{\"errorMessage\":\"\xff\"}"}) {
    const auto key = read_public_key(answer, expected);
    ASSERT_FALSE(key) << answer;
    EXPECT_EQ(key.error().code, Code::malformed) << answer;
    EXPECT_TRUE(key.error().message.starts_with("the plugin sigstore-kms-x gave ")) << answer;
    EXPECT_NE(key.error().cause, "") << answer;
  }
  const std::string answer =
      public_key_answer(crypto::PrivateKey::generate(crypto::KeyType::ed25519)->public_key().pem());
  EXPECT_TRUE(read_public_key(answer, expected));
  EXPECT_EQ(read_public_key(answer + answer, expected).error().code, Code::malformed);
  EXPECT_EQ(read_public_key(
                public_key_answer("-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n"), expected)
                .error()
                .code,
            Code::malformed);
}

TEST(PluginAnswers, TooMuch) {
  const std::string signature(limits::signature_bytes * 2, 'A');
  EXPECT_EQ(read_signature(R"({"signMessage":{"signature":")" + signature + R"("}})", expected).error().cause,
            "its signature has 24576 bytes");
  const std::string name(300, 'A');
  EXPECT_EQ(read_default_algorithm(R"({"defaultAlgorithm":{"defaultAlgorithm":")" + name + R"("}})", expected)
                .error()
                .cause,
            "its default algorithm has a name of 300 bytes");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += R"({"a":)";
  EXPECT_EQ(read_signature(deep, expected).error().code, Code::malformed);
}

}  // namespace
}  // namespace sigstore::keys::plugin
