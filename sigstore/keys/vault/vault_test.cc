#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keys/vault/transit.h"
#include "sigstore/keys/vault/vault_reference.h"
#include "sigstore/keys/vault/vault_settings.h"
#include "sigstore/net/testing/scripted_transport.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_vault();

namespace {

using codec::json::Object;
using codec::json::Value;
using crypto::Scheme;
using net::testing::answer;

TEST(VaultReferences, Names) {
  const auto named = [](const std::string& text) { return parse_vault_reference(text); };
  EXPECT_EQ(named("hashivault://release.key-1")->name, "release.key-1");
  EXPECT_EQ(named("hashivault://k")->service, "Vault");
  EXPECT_EQ(named("openbao://k/versions/12")->version, 12u);
  EXPECT_EQ(named("openbao://k/versions/12")->text(), "openbao://k");
  EXPECT_EQ(named("openbao://k")->service, "OpenBao");
  EXPECT_EQ(named("cosign.key").error().code, Code::not_mine);
  EXPECT_EQ(named("awskms://k").error().code, Code::not_mine);
  for (const char* text : {"hashivault://", "hashivault://a/b", "hashivault://-a", "hashivault://a.",
                           "hashivault://a b", "hashivault://k/versions/0", "hashivault://k/versions/01",
                           "hashivault://k/versions/", "hashivault://k/versions/99999999999999999999"})
    EXPECT_EQ(named(text).error().code, Code::invalid_argument) << text;
  EXPECT_EQ(named("hashivault://" + std::string(5000, 'a')).error().code, Code::too_large);
}

TEST(VaultTokens, HelpersOfTheConfiguration) {
  EXPECT_EQ(token_helper_of("token_helper = \"/usr/bin/helper\"\n"), "/usr/bin/helper");
  EXPECT_EQ(token_helper_of("# token_helper = \"/no\"\n  token_helper=\"/yes\"  # c"), "/yes");
  EXPECT_EQ(token_helper_of(R"("token_helper" = "/a b")"), "/a b");
  EXPECT_EQ(token_helper_of("token_helper = 7\nother = \"/x\""), "");
  EXPECT_EQ(token_helper_of(""), "");
}

class VaultSettingsTest : public ::testing::Test {
 protected:
  VaultSettingsTest() {
    fake.variables.values = {
        {"VAULT_ADDR", "https://v.example:8200/root"}, {"VAULT_TOKEN", "t"}, {"HOME", "/home/dev"}};
  }
  Result<VaultSettings> settings() { return read_vault_settings(fake.env(), "Vault"); }
  fakes::FakeEnv fake;
};

TEST_F(VaultSettingsTest, VariablesOfItsClient) {
  auto& values = fake.variables.values;
  values.insert({{"VAULT_NAMESPACE", "ns1/"},
                 {"BAO_NAMESPACE", "no"},
                 {"VAULT_CACERT", "/ca.pem"},
                 {"VAULT_CLIENT_CERT", "c.pem"},
                 {"BAO_CLIENT_KEY", "k.pem"},
                 {"VAULT_TLS_SERVER_NAME", "v"},
                 {"VAULT_SKIP_VERIFY", "T"},
                 {"TRANSIT_SECRET_ENGINE_PATH", "/team//tran sit/"},
                 {"VAULT_HEADERS", R"({"X-Team":"a"})"}});
  const auto read = settings();
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->service.name, "Vault at https://v.example:8200");
  EXPECT_EQ(read->service.base.path, "/root");
  EXPECT_EQ(read->service.headers.get("X-Vault-Namespace"), "ns1/");
  EXPECT_EQ(read->service.headers.get("X-Team"), "a");
  EXPECT_EQ(read->service.token.reveal(), "t");
  EXPECT_EQ(read->engine, "team/tran%20sit");
  EXPECT_EQ(read->tls.ca_files, std::vector<std::string>{"/ca.pem"});
  EXPECT_EQ(read->tls.client_key_file, "k.pem");
  EXPECT_EQ(read->tls.server_name, "v");
  EXPECT_FALSE(read->tls.verify);
  EXPECT_EQ(read->service.address_hint, "is VAULT_ADDR right?");
  EXPECT_EQ(read->service.plain_hint, "is it http://? then export VAULT_ADDR=http://v.example:8200");
}

TEST_F(VaultSettingsTest, AProxyOfItsOwnIsRefused) {
  fake.variables.values["BAO_PROXY_ADDR"] = "http://proxy:3128";
  EXPECT_EQ(settings().error().code, Code::unsupported);
  EXPECT_EQ(settings().error().message, "VAULT_PROXY_ADDR is not supported");
}

TEST_F(VaultSettingsTest, TheTokensPlaces) {
  auto& values = fake.variables.values;
  values.erase("VAULT_TOKEN");
  EXPECT_EQ(settings().error().code, Code::not_found);
  fake.files.put("/home/dev/.vault-token", " from-file\n");
  EXPECT_EQ(settings()->service.token.reveal(), "from-file");
  fake.files.put("/home/dev/.vault", "token_helper = \"/bin/helper\"\n");
  fake.processes.answer(ProcessOutput{0, "from-helper\n", ""});
  EXPECT_EQ(settings()->service.token.reveal(), "from-helper");
  EXPECT_EQ(fake.processes.calls()[0].argv, (std::vector<std::string>{"/bin/helper", "get"}));
  fake.processes.answer(ProcessOutput{0, "\n", ""});
  EXPECT_EQ(settings()->service.token.reveal(), "from-file");
  values["BAO_TOKEN"] = "from-bao";
  EXPECT_EQ(settings()->service.token.reveal(), "from-bao");
  values["BAO_TOKEN"] = "two\nlines";
  EXPECT_EQ(settings().error().message, "BAO_TOKEN holds no token");
}

class VaultKeys : public ::testing::Test {
 protected:
  VaultKeys() : context(fake.env()) {
    fake.variables.values = {{"VAULT_ADDR", "https://v.example"}, {"VAULT_TOKEN", "s.token"}};
    context.connect = [this](net::TlsOptions) {
      ++connections;
      return net::testing::lend(transport);
    };
  }

  void give(const std::string& type, const std::string& key) {
    transport.on("GET https://v.example/v1/transit/keys/k",
                 answer(200, {},
                        codec::json::write(
                            Object{{"data", Object{{"type", type},
                                                   {"latest_version", 1},
                                                   {"keys", Object{{"1", Object{{"public_key", key}}}}}}}})));
  }
  // The engine, with this key.
  void sign_with(crypto::PrivateKey& key, Scheme scheme) {
    transport.on("POST *", [&key, scheme](const net::Request& request) -> Result<net::Response> {
      const auto body = *codec::json::parse(request.body, "body");
      const auto input = *codec::base64::decode(*body.get("input")->string());
      const auto made = scheme == Scheme::ed25519 ? key.sign(scheme, input) : key.sign_digest(scheme, input);
      return answer(200, {}, R"({"data":{"signature":"vault:v1:)" + codec::base64::encode(*made) + "\"}}");
    });
  }

  fakes::FakeEnv fake;
  net::testing::ScriptedTransport transport;
  Context context;
  int connections = 0;
  std::unique_ptr<Provider> vault = make_vault();
};

TEST_F(VaultKeys, SignsDigestsAndMessages) {
  auto key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  give("ecdsa-p256", key.public_key().pem());
  sign_with(key, Scheme::ecdsa_sha256);
  const auto signer = vault->open_signer(context, "hashivault://k");
  ASSERT_TRUE(signer) << signer.error().text();
  EXPECT_EQ((*signer)->public_key(), key.public_key());
  const auto message = as_bytes("hello");
  for (const auto& made : {(*signer)->sign(Scheme::ecdsa_sha256, message),
                           (*signer)->sign_stream(Scheme::ecdsa_sha256, text_source("hello"))}) {
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_TRUE(key.public_key().verify(Scheme::ecdsa_sha256, message, *made));
  }
  EXPECT_EQ(transport.log().back(), "POST https://v.example/v1/transit/sign/k/sha2-256");
}

TEST_F(VaultKeys, Ed25519SignsTheMessageItself) {
  auto key = *crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  const auto& spki = key.public_key().spki();
  give("ed25519", codec::base64::encode(BytesView(spki).last(32)));
  sign_with(key, Scheme::ed25519);
  const auto signer = *vault->open_signer(context, "hashivault://k");
  EXPECT_EQ(signer->public_key(), key.public_key());
  const auto made = signer->sign_stream(Scheme::ed25519, text_source("hello"));
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_TRUE(key.public_key().verify(Scheme::ed25519, as_bytes("hello"), *made));
  EXPECT_EQ(transport.last("POST *").body, R"({"input":"aGVsbG8=","prehashed":false,"key_version":1})");
  EXPECT_EQ(signer->sign_digest(Scheme::ed25519, as_bytes("d")).error().code, Code::invalid_argument);
  const std::string huge(limits::kept_message_bytes + 1, 'x');
  EXPECT_EQ(signer->sign_stream(Scheme::ed25519, text_source(huge)).error().code, Code::too_large);
}

TEST_F(VaultKeys, ASignatureByAnotherKeyIsNone) {
  auto key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  auto other = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  give("ecdsa-p256", key.public_key().pem());
  sign_with(other, Scheme::ecdsa_sha256);
  const auto signer = *vault->open_signer(context, "hashivault://k");
  const auto made = signer->sign(Scheme::ecdsa_sha256, as_bytes("hello"));
  EXPECT_EQ(made.error().code, Code::bad_signature);
  EXPECT_EQ(made.error().message,
            "the signature by the key k of Vault at https://v.example is not by the public key it gave out");
}

TEST_F(VaultKeys, NothingIsAskedBeforeItIsKnownToBeIts) {
  EXPECT_EQ(vault->open_signer(context, "cosign.key").error().code, Code::not_mine);
  EXPECT_EQ(vault->open_public(context, "k8s://a/b").error().code, Code::not_mine);
  EXPECT_EQ(vault->create(context, "x", {}).error().code, Code::not_mine);
  EXPECT_EQ(vault->create(context, "hashivault://k/versions/1", {}).error().code, Code::invalid_argument);
  EXPECT_EQ(connections, 0);
  context.connect = {};
  EXPECT_EQ(vault->open_public(context, "hashivault://k").error().code, Code::unsupported);
}

TEST_F(VaultKeys, AKeyThatDoesNotSign) {
  transport.on(
      "GET *",
      answer(200, {}, R"({"data":{"type":"aes256-gcm96","latest_version":1,"keys":{"1":1795905001}}})"));
  const auto refused = vault->open_signer(context, "hashivault://k");
  EXPECT_EQ(refused.error().code, Code::unsupported);
  EXPECT_EQ(refused.error().message, "the key k of Vault at https://v.example does not sign");
  EXPECT_EQ(refused.error().cause, "it is of the type aes256-gcm96");
}

}  // namespace
}  // namespace sigstore::keys
