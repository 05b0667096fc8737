#include "sigstore/remote/service/service.h"

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/testing/scripted_transport.h"
#include "sigstore/remote/service/failure.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using net::testing::ScriptedTransport;

constexpr const char* hint_about_its_address =
    "is this its address, and not that of a login page or a proxy?";

class ServiceTest : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  ScriptedTransport transport;
  Redirects redirects = Redirects::none;
  std::string base = "https://v.example:8200/root/";
  std::string plain_hint = "is it http://?";

  Service service() {
    ServiceOptions options;
    options.name = "Vault";
    options.base = *net::Url::parse(base);
    options.headers = {{"X-Vault-Request", "true"}};
    options.token_header = "X-Vault-Token";
    options.token = Secret(std::string_view("s.token"));
    options.redirects = redirects;
    options.tls_hint = "export VAULT_CACERT=FILE";
    options.address_hint = "is VAULT_ADDR right?";
    options.plain_hint = plain_hint;
    options.max_body = 1000;
    return {fake.env(), net::testing::lend(transport), std::move(options)};
  }
  Result<codec::json::Value> get(const std::string& path = "/v1/keys/k?a=b") {
    return service().ask({"GET", path, "read the key k", {}});
  }
  Result<codec::json::Value> post() {
    return service().ask({"POST", "/v1/sign", "sign", secret_json(codec::json::Object{{"input", "aGk="}})});
  }
};

TEST_F(ServiceTest, AsksWithItsTokenAndJson) {
  transport.on("GET https://v.example:8200/root/v1/keys/k?a=b", answer(200, {}, R"({"data":{}})"));
  transport.on("POST https://v.example:8200/root/v1/sign", answer(204));
  EXPECT_TRUE(get()->get("data")->object()->empty());
  const auto read = transport.last("GET *");
  EXPECT_EQ(read.headers.get("X-Vault-Token"), "s.token");
  EXPECT_EQ(read.headers.get("X-Vault-Request"), "true");
  EXPECT_EQ(read.headers.get("Content-Type"), std::nullopt);
  EXPECT_TRUE(post()->is_null());
  const auto sent = transport.last("POST *");
  EXPECT_EQ(sent.body, R"({"input":"aGk="})");
  EXPECT_EQ(sent.headers.get("Content-Type"), "application/json");
}

TEST_F(ServiceTest, ReadsAgainButSendsOnce) {
  transport.on("GET *", answer(503));
  transport.on("GET *", answer(200, {}, "{}"));
  transport.on("POST *", answer(503, {}, R"({"errors":["Vault is sealed"]})"));
  EXPECT_TRUE(get());
  EXPECT_EQ(transport.count("GET *"), 2u);
  const auto refused = post();
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_EQ(refused.error().message, "Vault failed to sign");
  EXPECT_EQ(refused.error().cause, "HTTP 503: Vault is sealed");
  EXPECT_EQ(refused.error().hint, "try again in a while");
  EXPECT_EQ(transport.count("POST *"), 1u);
}

TEST_F(ServiceTest, WhoeverRepeatsTheTokenBringsItIntoNoMessage) {
  transport.on("POST *", answer(400, {}, R"({"errors":["bad token s.token, s.token!"]})"));
  EXPECT_EQ(post().error().cause, "HTTP 400: bad token …, …!");
  transport.on("GET *", answer(302, {{"Location", "https://elsewhere.example/s.token?x"}}));
  EXPECT_EQ(get().error().cause, "HTTP 302 to https://elsewhere.example/…");
}

TEST_F(ServiceTest, WaitsWhenAskedTooOften) {
  transport.on("POST *", answer(429, {{"Retry-After", "7"}}));
  transport.on("POST *", answer(200, {}, "{}"));
  const auto before = fake.clock.steady();
  EXPECT_TRUE(post());
  EXPECT_EQ(fake.clock.steady() - before, std::chrono::seconds(7));
  transport.on("GET *", answer(429));
  EXPECT_EQ(get().error().message, "Vault limits how often it is asked");
  EXPECT_EQ(transport.count("GET *"), 3u);
}

TEST(ServiceTokens, OneWord) {
  for (const char* text : {"token", "token\n", " \ttoken\r\n"})
    EXPECT_EQ(read_token(text, "GITLAB_TOKEN")->reveal(), "token");
  EXPECT_TRUE(read_token("", "GITLAB_TOKEN")->empty());
  EXPECT_TRUE(read_token(" \n", "GITLAB_TOKEN")->empty());
  EXPECT_EQ(read_token("two words", "GITLAB_TOKEN").error().message, "GITLAB_TOKEN holds no token");
  EXPECT_EQ(read_token("two\nlines", "GITLAB_TOKEN").error().code, Code::malformed);
}

TEST_F(ServiceTest, Refusals) {
  const auto error = [&](int status, const std::string& body = "") {
    return service_failure("Vault", "read the key k", answer(status, {}, body));
  };
  EXPECT_EQ(error(401).code, Code::unauthorized);
  EXPECT_EQ(error(401).message, "Vault does not accept the token");
  EXPECT_EQ(error(403, R"({"errors":["permission denied"]})").text(),
            "Vault does not let the token read the key k: HTTP 403: permission denied");
  EXPECT_EQ(error(404, R"({"message":"404 Project Not Found"})").text(),
            "Vault did not read the key k: HTTP 404: 404 Project Not Found");
  EXPECT_EQ(error(404).code, Code::not_found);
  EXPECT_EQ(error(409).code, Code::conflict);
  EXPECT_EQ(error(413).code, Code::too_large);
  EXPECT_EQ(error(400, R"({"message":{"key":["is taken","is long"]}})").cause,
            "HTTP 400: key: is taken; key: is long");
  EXPECT_EQ(error(422, R"({"error":"bad","error_description":"worse\u001b[31m"})").cause,
            "HTTP 422: bad; worse\\x1b[31m");
  EXPECT_EQ(error(400, R"({"errors":["1 error occurred:\n\t* no such version\n\n"]})").cause,
            "HTTP 400: 1 error occurred: * no such version");
  EXPECT_EQ(error(500, "<html>").cause, "HTTP 500");
  EXPECT_LT(error(500, R"({"message":")" + std::string(5000, 'x') + "\"}").cause.size(), 330u);
}

TEST_F(ServiceTest, AnswersThatAreNone) {
  int number = 0;
  for (const char* body : {"{\"data\":", "<html>login</html>", "{} {}", "{\"a\":1,\"a\":2}"}) {
    const std::string path = "/" + std::to_string(++number);
    transport.on("GET https://v.example:8200/root" + path, answer(200, {}, body));
    const auto refused = get(path);
    ASSERT_FALSE(refused) << body;
    EXPECT_EQ(refused.error().code, Code::malformed) << body;
    EXPECT_EQ(refused.error().message, "Vault gave no proper answer when asked to read the key k");
    EXPECT_EQ(refused.error().hint, hint_about_its_address);
  }
  transport.on("POST *", answer(200, {}, std::string(2000, ' ')));
  EXPECT_EQ(post().error().code, Code::too_large);
}

TEST_F(ServiceTest, AConnectionThatIsNotToBeTrusted) {
  transport.on("GET *", Error{Code::tls, "the certificate of v.example is not trusted", "", "--registry-…"});
  const auto refused = get();
  EXPECT_EQ(refused.error().message, "Vault could not be asked to read the key k");
  EXPECT_EQ(refused.error().cause, "the certificate of v.example is not trusted");
  EXPECT_EQ(refused.error().hint, "export VAULT_CACERT=FILE");
}

TEST_F(ServiceTest, WhereNobodyAnswers) {
  struct Case {
    Error error;
    std::string hint;
  };
  for (const Case& one :
       {Case{{Code::unreachable, "no such host: v", "", ""}, "is VAULT_ADDR right?"},
        Case{{Code::unreachable, "no such host: the proxy p", "", "by HTTPS_PROXY"}, "by HTTPS_PROXY"},
        Case{{Code::timeout, "v did not answer in time", "", ""}, "is VAULT_ADDR right?"},
        Case{{Code::malformed, "v speaks no TLS", "", "pass --allow-http-registry"}, "is it http://?"},
        Case{{Code::malformed, "v does not speak HTTP", "", ""}, ""}}) {
    transport.on("GET *", one.error);
    EXPECT_EQ(get().error().hint, one.hint) << one.error.message;
  }
  plain_hint = "";
  transport.on("GET *", Error{Code::malformed, "v speaks no TLS", "", "pass --allow-http-registry"});
  EXPECT_EQ(get().error().hint, "is VAULT_ADDR right?");
}

TEST(ServiceTokens, GoInClearToThisMachineAlone) {
  for (const char* text : {"https://g.example", "http://127.0.0.1:80", "http://localhost", "http://[::1]:1"})
    EXPECT_TRUE(refuse_plain_http(*net::Url::parse(text), "GITLAB_HOST", "GitLab")) << text;
  for (const char* text : {"http://g.example", "http://10.0.0.1:80"}) {
    const auto refused = refuse_plain_http(*net::Url::parse(text), "GITLAB_HOST", "GitLab");
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error(),
              (Error{Code::invalid_argument, "GITLAB_HOST would send the token of GitLab in clear",
                     "it is http://, and not of this machine", "export GITLAB_HOST=https://HOST"}));
  }
}

TEST_F(ServiceTest, NoRedirectIsFollowedUnasked) {
  transport.on("GET *", answer(302, {{"Location", "https://login.example/?state=secret"}}));
  const auto refused = get();
  EXPECT_EQ(refused.error().code, Code::malformed);
  EXPECT_EQ(refused.error().message, "Vault sends us elsewhere when asked to read the key k");
  EXPECT_EQ(refused.error().cause, "HTTP 302 to https://login.example/");
  EXPECT_EQ(refused.error().hint, hint_about_its_address);
  EXPECT_EQ(transport.requests().size(), 1u);
}

TEST_F(ServiceTest, WithinTheOriginWhereAllowed) {
  redirects = Redirects::same_origin;
  transport.on("GET https://v.example:8200/root/v1/keys/k?a=b", answer(301, {{"Location", "/moved"}}));
  transport.on("GET https://v.example:8200/moved", answer(200, {}, "{}"));
  EXPECT_TRUE(get());
  transport.on("POST https://v.example:8200/root/v1/sign", answer(301, {{"Location", "/moved"}}));
  EXPECT_EQ(post().error().code, Code::malformed);  // would become a GET
  transport.on("GET https://v.example:8200/root/away",
               answer(307, {{"Location", "https://other.example/moved"}}));
  EXPECT_EQ(get("/away").error().code, Code::malformed);
  transport.on("GET https://v.example:8200/root/ring", answer(307, {{"Location", "/root/ring"}}));
  EXPECT_EQ(get("/ring").error().code, Code::malformed);
  EXPECT_EQ(transport.count("GET https://v.example:8200/root/ring"),
            static_cast<std::size_t>(limits::redirects) + 1);
}

TEST_F(ServiceTest, AStandbysRedirect) {
  redirects = Redirects::standby;
  transport.on("POST https://v.example:8200/root/v1/sign",
               answer(307, {{"Location", "https://active.example:8200/v1/sign"}}));
  transport.on("POST https://active.example:8200/v1/sign", answer(200, {}, "{}"));
  EXPECT_TRUE(post());
  EXPECT_EQ(transport.last("POST https://active.example*").headers.get("X-Vault-Token"), "s.token");
  EXPECT_EQ(transport.last("POST https://active.example*").body, R"({"input":"aGk="})");
  // Never in the clear, and only once.
  transport.on("GET https://v.example:8200/root/clear",
               answer(307, {{"Location", "http://v.example:8200/x"}}));
  EXPECT_EQ(get("/clear").error().code, Code::malformed);
  transport.on("GET https://v.example:8200/root/302", answer(302, {{"Location", "https://b.example/x"}}));
  EXPECT_EQ(get("/302").error().code, Code::malformed);
  transport.on("GET https://v.example:8200/root/twice", answer(307, {{"Location", "https://b.example/x"}}));
  transport.on("GET https://b.example/x", answer(307, {{"Location", "https://c.example/x"}}));
  EXPECT_EQ(get("/twice").error().code, Code::malformed);
  EXPECT_EQ(transport.count("GET https://c.example*"), 0u);
  // What was asked in the clear may be read by anybody: only the same host gets it again.
  base = "http://v.example:8200";
  transport.on("GET http://v.example:8200/plain", answer(307, {{"Location", "http://b.example:8200/x"}}));
  EXPECT_EQ(get("/plain").error().code, Code::malformed);
  transport.on("GET http://v.example:8200/port", answer(307, {{"Location", "http://v.example:8201/x"}}));
  transport.on("GET http://v.example:8201/x", answer(200, {}, "{}"));
  EXPECT_TRUE(get("/port"));
}

}  // namespace
}  // namespace sigstore::remote
