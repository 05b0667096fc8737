// What the backend makes of the helper's answers; the helper itself is played. test/tokens has the real one.
#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/keys/pkcs11/tokens.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_pkcs11();

namespace {

namespace json = codec::json;
namespace hex = codec::hex;

constexpr const char* uri = "pkcs11:token=T;object=k?module-path=/m.so";
// Flags of a token that wants its PIN.
constexpr int wants_pin = 0x40c;

class Pkcs11 : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  std::unique_ptr<Provider> provider = make_pkcs11();
  crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);

  void SetUp() override { ASSERT_TRUE(fake.files.write_atomic("/m.so", "module", 0644)); }

  void says(const std::string& out, int code = 0, const std::string& err = "") {
    fake.processes.answer(ProcessOutput{code, out, err});
  }
  void says(json::Object answer, int flags = wants_pin) {
    answer.set("token", json::Object{{"slotId", 5}, {"label", "54"}, {"flags", flags}});
    says(json::write(answer));
  }
  void refuses(const std::string& kind, json::Object more = {}) {
    more.set("kind", kind);
    says(json::write(json::Object{{"error", std::move(more)}}));
  }
  void returns(int code, const std::string& name, int flags = wants_pin) {
    refuses("call", {{"function", "C_Login"}, {"code", code}, {"name", name}, {"flags", flags}});
  }
  static json::Object material(const crypto::PublicKey& of) {
    const Bytes& spki = of.spki();  // of P-256: 26 bytes, then the point
    const Bytes point = codec::der::encode(codec::der::octet_string, BytesView(spki).subspan(26));
    return {{"publicKey", json::Object{{"from", "public key"},
                                       {"type", "ecdsa"},
                                       {"ecParameters", "06082a8648ce3d030107"},
                                       {"ecPoint", hex::encode(point)}}}};
  }
  // r || s of a signature in DER.
  static std::string raw(const Bytes& der) {
    codec::der::Reader outer(der);
    auto numbers = *outer.enter(codec::der::sequence);
    std::string text;
    for (int i = 0; i < 2; ++i) {
      const auto number = *codec::der::read_unsigned(numbers.next()->content);
      text += std::string(64 - 2 * number.size(), '0') + hex::encode(number);
    }
    return text;
  }
  Error open_error(const std::string& reference = uri) {
    const auto signer = provider->open_signer(fake.env(), reference);
    EXPECT_FALSE(signer);
    return signer ? Error{} : signer.error();
  }
  std::unique_ptr<crypto::Signer> opened() {
    fake.variables.values["COSIGN_PKCS11_PIN"] = "1234";
    says(material(key.public_key()));
    auto signer = provider->open_signer(fake.env(), uri);
    EXPECT_TRUE(signer) << signer.error().text();
    return std::move(*signer);
  }
};

TEST_F(Pkcs11, TheRequestAndItsPinGoOverStdinAlone) {
  const auto signer = opened();
  EXPECT_EQ(signer->public_key(), key.public_key());
  ASSERT_EQ(fake.processes.calls().size(), 1u);
  const auto call = fake.processes.calls()[0];
  EXPECT_EQ(call.argv, (std::vector<std::string>{"cosign-pkcs11", "v1"}));
  EXPECT_EQ(call.input,
            R"({"protocolVersion":"v1","method":"publicKey","module":"/m.so","login":true,)"
            R"("token":{"label":"54","serial":"","manufacturer":"","model":""},"key":{"id":"","label":"6b"},)"
            R"("privateKey":true})"
            "\n1234");
}

TEST_F(Pkcs11, SignaturesAreMadeOfTwoNumbersAndVerified) {
  const auto signer = opened();
  const Bytes digest = crypto::sha256(as_bytes("x"));
  says(json::Object{{"signature", raw(*key.sign_digest(crypto::Scheme::ecdsa_sha256, digest))}});
  const auto signature = signer->sign(crypto::Scheme::ecdsa_sha256, as_bytes("x"));
  ASSERT_TRUE(signature) << signature.error().text();
  EXPECT_TRUE(key.public_key().verify(crypto::Scheme::ecdsa_sha256, as_bytes("x"), *signature));
  EXPECT_NE(fake.processes.calls()[1].input.find(R"("mechanism":"ecdsa","data":")" + hex::encode(digest)),
            std::string::npos);

  const auto other = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)
                          .value()
                          .sign_digest(crypto::Scheme::ecdsa_sha256, digest);
  says(json::Object{{"signature", raw(other)}});
  const auto wrong = signer->sign_digest(crypto::Scheme::ecdsa_sha256, digest);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "token \"T\" signed with another key than the one it gave out");
}

TEST_F(Pkcs11, SignaturesThatAreNone) {
  const auto signer = opened();
  for (const char* out : {R"({"signature":"00"})", R"({"signature":"xx"})", R"({"signature":7})", R"({})",
                          "[]", "{", R"({"signature":""})"}) {
    says(out);
    const auto signature = signer->sign(crypto::Scheme::ecdsa_sha256, as_bytes("x"));
    ASSERT_FALSE(signature) << out;
    EXPECT_EQ(signature.error().code, Code::malformed) << out;
  }
  const auto unfit = signer->sign(crypto::Scheme::rsa_pkcs1_sha256, as_bytes("x"));
  EXPECT_EQ(unfit.error().code, Code::invalid_argument);
  EXPECT_EQ(signer->sign_digest(crypto::Scheme::ecdsa_sha256, as_bytes("x")).error().code,
            Code::invalid_argument);
}

TEST_F(Pkcs11, ThePinIsAskedForOnlyWhereTheTokenWantsOne) {
  says(json::Object{});  // "token"
  says(material(key.public_key()));
  fake.prompter.type("1234");
  EXPECT_TRUE(provider->open_signer(fake.env(), uri));
  EXPECT_EQ(fake.prompter.asked(),
            (std::vector<std::string>{"password: Enter PIN for key 'k' in PKCS11 token 'T': "}));
  EXPECT_TRUE(fake.processes.calls()[1].input.ends_with("\n1234"));

  says(json::Object{}, 0x408);
  says(material(key.public_key()), 0x408);
  EXPECT_TRUE(provider->open_signer(fake.env(), uri));
  EXPECT_TRUE(fake.processes.calls()[3].input.ends_with("\n"));
  EXPECT_NE(fake.processes.calls()[3].input.find(R"("login":false)"), std::string::npos);

  says(json::Object{}, wants_pin | 0x100);  // it has a keypad
  says(material(key.public_key()));
  EXPECT_TRUE(provider->open_signer(fake.env(), uri));
  EXPECT_NE(fake.processes.calls()[5].input.find(R"("login":true)"), std::string::npos);
  EXPECT_TRUE(fake.processes.calls()[5].input.ends_with("\n"));

  says(json::Object{}, wants_pin | 0x40000);  // it is locked
  EXPECT_EQ(open_error().message, "the PIN of token \"T\" is locked");
  EXPECT_EQ(fake.prompter.asked().size(), 1u);
}

TEST_F(Pkcs11, WhereThePinComesFrom) {
  fake.variables.values["COSIGN_PKCS11_PIN"] = "variable";
  ASSERT_TRUE(fake.files.write_atomic("/pin", "file\n", 0600));
  const std::vector<std::pair<std::string, std::string>> cases = {{"", "variable"},
                                                                  {"&pin-value=uri", "uri"},
                                                                  {"&pin-source=file:/pin", "file"},
                                                                  {"&pin-source=/pin", "file"},
                                                                  {"&pin-source=file:///pin", "file"}};
  for (const auto& [more, pin] : cases) {
    says(material(key.public_key()));
    EXPECT_TRUE(provider->open_signer(fake.env(), uri + more)) << more;
    EXPECT_TRUE(fake.processes.calls().back().input.ends_with("\n" + pin)) << more;
  }
  EXPECT_EQ(open_error(uri + std::string("&pin-source=|cat")).code, Code::unsupported);
  EXPECT_EQ(open_error(uri + std::string("&pin-source=/none")).message, "the PIN cannot be read from /none");
}

// A token may count it as a wrong one.
TEST_F(Pkcs11, AnEmptyPinIsNeverTried) {
  ASSERT_TRUE(fake.files.write_atomic("/pin", "\n", 0600));
  EXPECT_EQ(open_error(uri + std::string("&pin-source=/pin")).message, "there is no PIN in /pin");
  EXPECT_TRUE(fake.processes.calls().empty());
  says(json::Object{});  // "token"
  fake.prompter.type("");
  EXPECT_EQ(open_error().code, Code::declined);
  EXPECT_EQ(fake.processes.calls().size(), 1u);
}

TEST_F(Pkcs11, VerifyingWantsNoPinWhereTheKeyCanBeSeen) {
  says(material(key.public_key()));
  EXPECT_EQ(*provider->open_public(fake.env(), uri), key.public_key());
  EXPECT_EQ(fake.processes.calls().size(), 1u);
  refuses("no_key", {{"flags", wants_pin}});
  fake.variables.values["COSIGN_PKCS11_PIN"] = "1234";
  says(material(key.public_key()));
  EXPECT_EQ(*provider->open_public(fake.env(), uri), key.public_key());
  refuses("no_key", {{"flags", 0x408}});
  const auto none = provider->open_public(fake.env(), uri);
  EXPECT_EQ(none.error().message, "there is no key \"k\" in token \"T\"");
}

TEST_F(Pkcs11, WrongPins) {
  fake.variables.values["COSIGN_PKCS11_PIN"] = "s3cret";
  returns(0xa0, "CKR_PIN_INCORRECT");
  EXPECT_EQ(open_error(), (Error{Code::wrong_password, "the PIN is not that of token \"T\"",
                                 "it was taken from COSIGN_PKCS11_PIN",
                                 "correct COSIGN_PKCS11_PIN, or leave it out to be asked"}));
  returns(0xa0, "CKR_PIN_INCORRECT", wants_pin | 0x10000);  // set by this very attempt, perhaps
  EXPECT_EQ(open_error().cause,
            "it was taken from COSIGN_PKCS11_PIN; after some more wrong ones it is locked");
  returns(0xa0, "CKR_PIN_INCORRECT", wants_pin | 0x20000);
  EXPECT_EQ(open_error().cause, "it was taken from COSIGN_PKCS11_PIN; one try is left before it is locked");
  returns(0xa4, "CKR_PIN_LOCKED", wants_pin | 0x40000);
  EXPECT_EQ(open_error().message, "the PIN of token \"T\" is locked");
  returns(0xa4, "CKR_PIN_LOCKED");
  EXPECT_EQ(open_error().text().find("s3cret"), std::string::npos);
}

TEST_F(Pkcs11, AnIdThatIsWrittenInDigits) {
  fake.variables.values["COSIGN_PKCS11_PIN"] = "1234";
  const auto hint = [&](const std::string& id) {
    refuses("no_key");
    return open_error("pkcs11:token=T;id=" + id + "?module-path=/m.so").hint;
  };
  const std::string list =
      "cosign pkcs11-tool list-keys-uris --module-path /m.so --slot-id N shows what is there";
  EXPECT_EQ(hint("02"), "an id in hex is written id=%02; " + list);
  EXPECT_EQ(hint("a1b"), "an id in hex is written id=%0a%1b; " + list);
  EXPECT_EQ(hint("%02"), list);
  EXPECT_EQ(hint("key"), list);
}

TEST_F(Pkcs11, SentencesForWhatIsRefused) {
  fake.variables.values["COSIGN_PKCS11_PIN"] = "1234";
  const auto sentence = [&](const std::string& kind, json::Object more) {
    refuses(kind, std::move(more));
    return open_error().message;
  };
  EXPECT_EQ(sentence("module", {{"detail", "no such file"}}), "cannot open the PKCS#11 module /m.so");
  EXPECT_EQ(sentence("no_token", {}), "there is no token \"T\"");
  EXPECT_EQ(sentence("several_tokens", {{"count", 2}}), "2 tokens are called \"T\"");
  refuses("several_tokens", {{"count", 2}});
  EXPECT_EQ(open_error("pkcs11:serial=7;object=k?module-path=/m.so").message,
            "2 tokens have the serial number \"7\"");
  refuses("other_token", {{"detail", "X"}});
  EXPECT_EQ(open_error("pkcs11:slot-id=4;token=T;object=k?module-path=/m.so").message,
            "slot 4 does not hold the token \"T\"");
  EXPECT_TRUE(fake.processes.calls().back().input.contains(
      R"("token":{"label":"54","serial":"","manufacturer":"","model":"","slotId":4})"));
  EXPECT_EQ(sentence("several_keys", {{"count", 3}}), "3 keys in token \"T\" are meant by key \"k\"");
  EXPECT_EQ(sentence("no_public_key", {}), "token \"T\" has no public half of key \"k\"");
  EXPECT_EQ(sentence("garbage", {}), "the PKCS#11 module /m.so answers nonsense");
  EXPECT_EQ(sentence("news", {}), "the program cosign-pkcs11 refused (news)");
  returns(0x32, "CKR_DEVICE_REMOVED");
  EXPECT_EQ(open_error().message, "token \"T\" went away");
  returns(0x101, "CKR_USER_NOT_LOGGED_IN");
  EXPECT_EQ(open_error().message, "token \"T\" wants its PIN for that");
  returns(0x77, "");
  EXPECT_EQ(open_error().cause, "C_Login returned (0x77)");
  refuses("garbage", {{"detail", std::string(100000, 'x')}});
  EXPECT_LT(open_error().cause.size(), 2000u);
}

TEST_F(Pkcs11, AProgramThatDoesNotAnswer) {
  fake.variables.values["COSIGN_PKCS11_PIN"] = "s3cret";
  EXPECT_EQ(open_error().message, "keys in tokens need the program cosign-pkcs11, and it is not installed");
  fake.processes.answer(
      fail(Code::not_found, "the program /p/cosign-pkcs11 is not executable", {}, "chmod +x it"));
  EXPECT_EQ(open_error(), (Error{Code::not_found, "the PKCS#11 module /m.so cannot be asked",
                                 "the program /p/cosign-pkcs11 is not executable", "chmod +x it"}));
  says("", 139);
  EXPECT_EQ(open_error(), (Error{Code::io, "the PKCS#11 module /m.so crashed",
                                 "cosign-pkcs11 was ended by signal 11", ""}));
  says("", 1, "what the module said\nmore");
  EXPECT_EQ(open_error().cause, "what the module said");
  says("", 1, "the PIN is s3cret");
  EXPECT_EQ(open_error().cause, "");
  fake.processes.answer(fail(Code::timeout, "the program cosign-pkcs11 did not end in time"));
  EXPECT_EQ(open_error().message, "the PKCS#11 module /m.so cannot be asked");
  for (const char* out : {"", "{", "[]", "7", "null", "{}{}", R"({"publicKey":7})", R"({"publicKey":{}})",
                          R"({"publicKey":{"info":"zz"}})", R"({"publicKey":{"info":"3000"}})",
                          R"({"publicKey":{"ecParameters":"0500","ecPoint":"00"}})",
                          R"({"publicKey":{"modulus":"03","exponent":"03"}})",
                          R"({"publicKey":{"certificate":"3082"}})", R"({"publicKey":{"modulus":"00"}})"}) {
    says(out);
    const auto code = open_error().code;
    EXPECT_TRUE(code == Code::malformed || code == Code::unsupported) << out;
  }
}

TEST_F(Pkcs11, Modules) {
  EXPECT_EQ(open_error("pkcs11:token=T;object=k").message, "no PKCS#11 module is named");
  EXPECT_EQ(open_error("pkcs11:token=T;object=k?module-path=m.so").message,
            "the path of the PKCS#11 module is not absolute: m.so");
  EXPECT_EQ(open_error("pkcs11:token=T;object=k?module-path=/none.so").message,
            "there is no PKCS#11 module /none.so");
  fake.variables.values["COSIGN_PKCS11_MODULE_PATH"] = "/m.so";
  says(material(key.public_key()));
  EXPECT_TRUE(provider->open_public(fake.env(), "pkcs11:token=T;object=k"));
  EXPECT_EQ(open_error("cosign.key").code, Code::not_mine);
}

TEST_F(Pkcs11, ANewKeyIsTriedAndHasAnId) {
  fake.variables.values["COSIGN_PKCS11_PIN"] = "1234";
  says(material(key.public_key()));
  says(json::Object{
      {"signature", raw(*key.sign(crypto::Scheme::ecdsa_sha256, as_bytes("does the new key sign?")))}});
  const auto made = provider->create(fake.env(), uri, {});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(*made, key.public_key());
  const auto input = fake.processes.calls()[0].input;
  EXPECT_NE(input.find(R"("algorithm":"ecdsa-p256")"), std::string::npos);
  EXPECT_EQ(input.find(R"("key":{"id":"")"), std::string::npos);
  refuses("key_exists", {{"detail", "object"}});
  EXPECT_EQ(provider->create(fake.env(), uri, {.overwrite = true}).error().message,
            "there is a key of that object in token \"T\" already");
  EXPECT_EQ(provider->create(fake.env(), uri, {.algorithm = "dsa"}).error().code, Code::invalid_argument);
}

TEST_F(Pkcs11, Lists) {
  says(json::write(
      json::Object{{"tokens", json::Array{json::Object{{"slotId", 9}, {"label", "54"}, {"serial", "31"}}}}}));
  const auto tokens = list_tokens(fake.env(), "/m.so");
  ASSERT_TRUE(tokens) << tokens.error().text();
  ASSERT_EQ(tokens->size(), 1u);
  EXPECT_EQ(tokens->front().slot, 9u);
  EXPECT_EQ(tokens->front().label, "T");
  says(json::Object{{"keys", json::Array{json::Object{{"id", "01"}, {"label", "6b"}}}}});
  const auto keys = list_token_keys(fake.env(), "/m.so", 9, Secret(std::string_view("1234")));
  ASSERT_TRUE(keys) << keys.error().text();
  EXPECT_EQ(write_token_uri(keys->at(0).uri), "pkcs11:token=T;slot-id=9;id=%01;object=k?module-path=/m.so");
  EXPECT_TRUE(fake.processes.calls()[1].input.ends_with("\n1234"));
  for (const char* out : {R"({})", R"({"tokens":7})", R"({"tokens":[7]})", R"({"tokens":[{}]})",
                          R"({"tokens":[{"slotId":1,"label":"x"}]})"}) {
    says(out);
    EXPECT_EQ(list_tokens(fake.env(), "/m.so").error().code, Code::malformed) << out;
  }
}

}  // namespace
}  // namespace sigstore::keys
