#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/provider.h"
#include "sigstore/net/testing/scripted_transport.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_k8s();

namespace {

namespace json = codec::json;
using net::testing::answer;

constexpr const char* reference = "k8s://build/release";
constexpr const char* get = "GET https://k.example/api/v1/namespaces/build/secrets/release";
constexpr const char* post = "POST https://k.example/api/v1/namespaces/build/secrets";
constexpr const char* put = "PUT https://k.example/api/v1/namespaces/build/secrets/release";

class Borrowed final : public net::Transport {
 public:
  explicit Borrowed(net::Transport& inner) : inner_(inner) {}
  Result<net::Response> send(const net::Request& request, const net::BodySink* sink) override {
    return inner_.send(request, sink);
  }

 private:
  net::Transport& inner_;
};

class K8sKeys : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  net::testing::ScriptedTransport server;
  std::unique_ptr<Provider> k8s = make_k8s();
  crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256).value();
  std::string sealed;

  K8sKeys() {
    fake.variables.values = {{"KUBECONFIG", "/kube"}};
    fake.files.put("/kube",
                   "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                   "clusters: [{name: k, cluster: {server: 'https://k.example'}}]\n"
                   "users: [{name: u, user: {token: s3cret}}]\n");
    sealed = seal_private_key(key.pkcs8(), Secret(std::string_view("pw")), fake.random).value();
  }
  Context context() {
    Context made(fake.env());
    made.connect = [this](net::TlsOptions) { return std::make_unique<Borrowed>(server); };
    return made;
  }
  static net::Response secret(const std::map<std::string, std::string>& data, const std::string& more = "") {
    std::string entries;
    for (const auto& [name, text] : data)
      entries +=
          (entries.empty() ? "\"" : ",\"") + name + "\":\"" + codec::base64::encode(as_bytes(text)) + "\"";
    return answer(200, {},
                  R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"release","namespace":"build",)"
                  R"("resourceVersion":"7"},"data":{)" +
                      entries + "}" + more + "}");
  }
  static net::Response status(int code, const std::string& message) {
    return answer(code, {}, R"({"kind":"Status","status":"Failure","message":")" + message + "\"}");
  }
  Error sign_error() {
    const auto signer = k8s->open_signer(context(), reference);
    EXPECT_FALSE(signer);
    return signer ? Error{} : signer.error();
  }
  Error create_error(const NewKey& wanted = {}) {
    const auto made = k8s->create(context(), reference, wanted);
    EXPECT_FALSE(made);
    return made ? Error{} : made.error();
  }
  json::Value sent(const char* target) { return json::parse(server.last(target).body, "body").value(); }
};

TEST_F(K8sKeys, OpensAPair) {
  server.on(
      get,
      secret({{"cosign.key", sealed}, {"cosign.pub", key.public_key().pem()}, {"cosign.password", "pw"}}));
  const auto signer = k8s->open_signer(context(), reference);
  ASSERT_TRUE(signer) << signer.error().text();
  EXPECT_EQ((*signer)->public_key(), key.public_key());
  EXPECT_EQ(*k8s->open_public(context(), reference), key.public_key());
  EXPECT_TRUE(fake.prompter.asked().empty());
  const auto request = server.last(get);
  EXPECT_EQ(request.headers.get("Authorization"), "Bearer s3cret");
  EXPECT_EQ(request.headers.get("Accept"), "application/json");
}

TEST_F(K8sKeys, ThePasswordIsElsewhere) {
  server.on(get, secret({{"cosign.key", sealed}}));
  fake.variables.values["COSIGN_PASSWORD"] = "pw";
  EXPECT_TRUE(k8s->open_signer(context(), reference));
  fake.variables.values.erase("COSIGN_PASSWORD");
  fake.prompter.type("pw");
  EXPECT_TRUE(k8s->open_signer(context(), reference));
  EXPECT_EQ(fake.prompter.asked(), std::vector<std::string>{"password: Enter password for private key: "});
}

TEST_F(K8sKeys, APasswordThatIsWrongOrHasALineBreak) {
  server.on(get, secret({{"cosign.key", sealed}, {"cosign.password", "pw\n"}}));
  EXPECT_TRUE(k8s->open_signer(context(), reference));
  server.on(get, secret({{"cosign.key", sealed}, {"cosign.password", "other"}}));
  const Error error = sign_error();
  EXPECT_EQ(error.code, Code::wrong_password);
  EXPECT_EQ(error.cause, "the password is cosign.password of the same secret");
}

TEST_F(K8sKeys, SecretsWithoutWhatIsNeeded) {
  server.on(get, secret({{"other", "x"}}));
  EXPECT_EQ(sign_error().text(), "the secret build/release has no cosign.key");
  EXPECT_EQ(k8s->open_public(context(), reference).error().code, Code::not_found);
  server.on(get, secret({{"cosign.key", sealed}, {"cosign.password", "pw"}}));
  static_cast<void>(k8s->open_public(context(), reference));
  EXPECT_EQ(k8s->open_public(context(), reference).error().code, Code::mismatch)
      << "its public half is in it";
}

TEST_F(K8sKeys, HalvesOfTwoKeys) {
  const auto other = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256).value();
  server.on(
      get,
      secret({{"cosign.key", sealed}, {"cosign.password", "pw"}, {"cosign.pub", other.public_key().pem()}}));
  EXPECT_EQ(sign_error().text(),
            "cosign.pub in the secret build/release is not the public half of its cosign.key");
  EXPECT_EQ(sign_error().code, Code::mismatch);
}

TEST_F(K8sKeys, OtherReferencesAskNothing) {
  EXPECT_EQ(k8s->open_signer(context(), "cosign.key").error().code, Code::not_mine);
  EXPECT_EQ(k8s->open_public(context(), "env://K").error().code, Code::not_mine);
  EXPECT_EQ(k8s->create(context(), "gitlab://1", {}).error().code, Code::not_mine);
  EXPECT_EQ(k8s->open_signer(context(), "k8s://a").error().code, Code::invalid_argument);
  EXPECT_TRUE(server.log().empty());
  EXPECT_EQ(k8s->open_signer(Context(fake.env()), reference).error().message, "there is no network here");
}

TEST_F(K8sKeys, MakesASecret) {
  server.on(get, status(404, "secrets \\\"release\\\" not found"));
  server.on(post, answer(201, {}, "{}"));
  fake.variables.values["COSIGN_PASSWORD"] = "word";
  const auto made = k8s->create(context(), reference, {});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(server.log(), (std::vector<std::string>{get, post}));
  EXPECT_EQ(server.last(post).headers.get("Content-Type"), "application/json");
  const auto body = sent(post);
  const auto& data = *body.get("data");
  const auto decoded = [&](const char* name) {
    return std::string(as_text(codec::base64::decode(*data.get(name)->string()).value()));
  };
  EXPECT_EQ(decoded("cosign.password"), "word");
  EXPECT_EQ(decoded("cosign.pub"), made->pem());
  const auto opened = open_private_key(decoded("cosign.key"), Secret(std::string_view("word")), "it");
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(crypto::PrivateKey::from_pkcs8(*opened)->public_key(), *made);
  EXPECT_TRUE(*body.get("immutable")->boolean());
}

TEST_F(K8sKeys, MakesASecretWithoutItsPassword) {
  server.on(get, secret({{"other", "x"}, {"cosign.password", "old"}}));
  server.on(put, answer(200, {}, "{}"));
  fake.variables.values["COSIGN_PASSWORD"] = "word";
  ASSERT_TRUE(k8s->create(context(), reference, {.algorithm = {}, .password_apart = true}));
  const auto body = sent(put);
  EXPECT_EQ(body.get("data")->get("cosign.password"), nullptr);
  EXPECT_NE(body.get("data")->get("other"), nullptr);
  EXPECT_EQ(*body.get("metadata")->get("resourceVersion")->string(), "7");
  EXPECT_TRUE(fake.prompter.asked().empty()) << "there was no key to lose";
}

TEST_F(K8sKeys, AKeyThatIsThereIsAskedAbout) {
  server.on(get, secret({{"cosign.key", sealed}}));
  server.on(put, answer(200, {}, "{}"));
  fake.variables.values["COSIGN_PASSWORD"] = "word";
  EXPECT_EQ(create_error().code, Code::declined);
  EXPECT_EQ(fake.prompter.asked().at(0),
            "confirm: WARNING: the secret build/release already has a key. Overwrite?");
  EXPECT_EQ(server.count(put), 0U);
  fake.prompter.choose(true);
  EXPECT_TRUE(k8s->create(context(), reference, {}));
  EXPECT_TRUE(k8s->create(context(), reference, {.algorithm = {}, .overwrite = true}));
}

TEST_F(K8sKeys, AnImmutableSecretStays) {
  server.on(get, secret({{"other", "x"}}, R"(,"immutable":true)"));
  const Error error = create_error({.algorithm = {}, .overwrite = true});
  EXPECT_EQ(error.code, Code::conflict);
  EXPECT_EQ(error.message, "the secret build/release is there, and is immutable");
  EXPECT_EQ(error.hint, "take another name, or: kubectl delete secret release -n build");
  EXPECT_TRUE(fake.prompter.asked().empty());
  EXPECT_EQ(create_error({.algorithm = "rsa"}).code, Code::unsupported);
}

TEST_F(K8sKeys, SomebodyWasFaster) {
  fake.variables.values["COSIGN_PASSWORD"] = "word";
  server.on(get, status(404, "none"));
  server.on(post, status(409, "secrets \\\"release\\\" already exists"));
  EXPECT_EQ(create_error(),
            (Error{Code::conflict, "Kubernetes at https://k.example did not create the secret build/release",
                   "HTTP 409: secrets \"release\" already exists",
                   "somebody else made it at the same time: see kubectl get secret release -n build"}));
  server.on(get, secret({{"other", "x"}}));
  server.on(put, status(409, "the object has been modified"));
  EXPECT_EQ(create_error().code, Code::conflict);
  EXPECT_EQ(create_error().hint, "somebody else changed it at the same time: try again");
}

TEST_F(K8sKeys, ANamespaceThatIsNotThere) {
  fake.variables.values["COSIGN_PASSWORD"] = "word";
  server.on(get, status(404, "none"));
  server.on(post, status(404, "namespaces \\\"build\\\" not found"));
  const Error error = create_error();
  EXPECT_EQ(error.cause, "HTTP 404: namespaces \"build\" not found");
  EXPECT_EQ(error.hint, "kubectl create namespace build");
}

TEST_F(K8sKeys, WhatWasNotSentOverPlainHttp) {
  fake.files.put("/kube",
                 "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                 "clusters: [{name: k, cluster: {server: 'http://k.example'}}]\n"
                 "users: [{name: u, user: {token: s3cret}}]\n");
  const std::string withheld =
      "; the server is http://, so the credentials of user u of /kube were not sent to it";
  for (const int code : {401, 403}) {
    server.on("GET *", status(code, "no"));
    EXPECT_EQ(sign_error().cause, "HTTP " + std::to_string(code) + ": no" + withheld);
    EXPECT_EQ(sign_error().hint, "name the server as https:// in the kubeconfig");
    EXPECT_EQ(server.last("GET *").headers.get("Authorization"), std::nullopt);
  }
  server.on("GET *", status(404, "no"));
  EXPECT_EQ(sign_error().cause, "HTTP 404: no" + withheld);
  server.on("GET *", status(503, "no"));
  EXPECT_EQ(sign_error().cause, "HTTP 503: no");
}

TEST_F(K8sKeys, WhatTheServerMayAnswer) {
  struct Case {
    net::Response response;
    Code code;
    std::string message, cause, hint;
  };
  const std::string at = "Kubernetes at https://k.example ";
  for (const Case& one : {
           Case{status(404, "not found"), Code::not_found,
                "there is no secret build/release in Kubernetes at https://k.example", "HTTP 404: not found",
                "cosign generate-key-pair k8s://build/release makes one"},
           Case{status(401, "Unauthorized"), Code::unauthorized, at + "does not know user u of /kube",
                "HTTP 401: Unauthorized", "log in again; does kubectl get secret release -n build work?"},
           Case{status(403, "secrets is forbidden"), Code::forbidden,
                at + "does not let user u of /kube get the secret build/release",
                "HTTP 403: secrets is forbidden", "see: kubectl auth can-i get secret release -n build"},
           Case{status(429, "slow down"), Code::unavailable, at + "limits how often it is asked",
                "HTTP 429: slow down", "try again in a while"},
           Case{status(503, "etcd is away"), Code::unavailable, at + "failed to get the secret build/release",
                "HTTP 503: etcd is away", "try again in a while"},
           Case{answer(302, {{"Location", "https://login.example/?token=x"}}), Code::malformed,
                at + "sends us elsewhere when asked to get the secret build/release",
                "HTTP 302 to https://login.example/",
                "is this its address, and not that of a login page or a proxy?"},
           Case{answer(200, {}, "<html>"), Code::malformed,
                at + "gave no proper answer when asked to get the secret build/release", "", ""},
           Case{answer(200, {}, "{\"kind\":\"Sec"), Code::malformed,
                at + "gave no proper answer when asked to get the secret build/release", "", ""},
           Case{answer(200, {}, R"({"kind":"SecretList"})"), Code::malformed,
                "what the server gave is not the secret build/release", "it is no object of the kind Secret",
                "is this the address of a Kubernetes API server?"},
           Case{answer(200, {}, ""), Code::malformed, "what the server gave is not the secret build/release",
                "it is no object of the kind Secret", "is this the address of a Kubernetes API server?"},
       }) {
    net::testing::ScriptedTransport fresh;
    fresh.on(get, one.response);
    Context context(fake.env());
    context.connect = [&](net::TlsOptions) { return std::make_unique<Borrowed>(fresh); };
    const auto signer = k8s->open_signer(context, reference);
    ASSERT_FALSE(signer);
    const Error& error = signer.error();
    EXPECT_EQ(error.code, one.code) << error.text();
    EXPECT_EQ(error.message, one.message);
    if (!one.cause.empty()) {
      EXPECT_EQ(error.cause, one.cause);
    }
    if (!one.hint.empty()) {
      EXPECT_EQ(error.hint, one.hint);
    }
    EXPECT_EQ((error.text() + error.hint).find("s3cret"), std::string::npos);
  }
  server.on(get, answer(200, {}, std::string(3 * limits::service_body_bytes, ' ')));
  EXPECT_EQ(sign_error().code, Code::too_large);
}

}  // namespace
}  // namespace sigstore::keys
