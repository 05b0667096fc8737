// Through HTTP and SOCKS proxies.
#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/server/listener.h"
#include "sigstore/net/testing/certificates.h"
#include "sigstore/net/testing/raw_server.h"

namespace sigstore::net {
namespace {

using testing::Identity;
using testing::RawServer;

constexpr std::string_view established = "HTTP/1.1 200 Connection established\r\nX-Proxy: mine\r\n\r\n";

struct ProxiedTest : ::testing::Test {
  fakes::TemporaryFolder folder;
  fakes::FakeEnv fake;
  TlsOptions tls;
  const Identity ca = testing::make_authority();
  std::unique_ptr<Listener> registry;  // "registry.example" to those who ask the proxy

  void serve(const Identity& identity) {
    ListenerOptions options;
    options.certificate_file = folder.write("tls.pem", identity.certificate);
    options.key_file = folder.write("tls.key", identity.key);
    registry = Listener::start(options, [](Exchange& exchange) {
                 static_cast<void>(exchange.respond(200, {}, exchange.headers().get("Host").value_or("")));
               }).value();
    fake.files.put("/ca.pem", ca.certificate);
    tls.ca_files = {"/ca.pem"};
  }
  Result<Response> get(const std::string& url) {
    Request request;
    request.url = Url::parse(url).value();
    request.headers = {{"Authorization", "Bearer secret"}};
    return make_curl_transport(fake.env(), {.tls = [this](const Url&) -> Result<TlsOptions> { return tls; }})
        ->send(request);
  }
  void use(const RawServer& proxy, const std::string& scheme = "http", const std::string& user = "") {
    const std::string url = scheme + "://" + user + "127.0.0.1:" + std::to_string(proxy.port());
    fake.variables.values = {{"HTTP_PROXY", url}, {"HTTPS_PROXY", url}};
  }
  // What a proxy does for https.
  auto tunnel() {
    return [this](RawServer::Peer& peer) {
      peer.hear();
      peer.say(established);
      peer.tunnel_to(registry->port());
    };
  }
};

TEST_F(ProxiedTest, PlainHttpIsForwarded) {
  const RawServer proxy([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  use(proxy);
  const auto response = get("http://registry.example:5000/v2/?n=5");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, "ok");
  EXPECT_TRUE(proxy.heard().at(0).starts_with(
      "GET http://registry.example:5000/v2/?n=5 HTTP/1.1\r\nHost: registry.example:5000\r\n"))
      << proxy.heard()[0];
}

TEST_F(ProxiedTest, TlsGoesThroughATunnel) {
  serve(testing::make_certificate({.hosts = {"registry.example"}}, ca));
  const RawServer proxy(tunnel());
  use(proxy);
  const auto response = get("https://registry.example:5000/v2/");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, "registry.example:5000");
  EXPECT_EQ(response->headers.get("X-Proxy"), std::nullopt) << "the proxy's headers are not the registry's";
  ASSERT_EQ(proxy.heard().size(), 1U);
  EXPECT_TRUE(proxy.heard()[0].starts_with("CONNECT registry.example:5000 HTTP/1.1\r\n")) << proxy.heard()[0];
  EXPECT_EQ(proxy.heard()[0].find("secret"), std::string::npos) << "credentials are for the registry alone";
}

TEST_F(ProxiedTest, AServerNameChangesOnlyTheCertificate) {
  serve(testing::make_certificate({.hosts = {"registry.internal"}}, ca));
  tls.server_name = "registry.internal";
  const RawServer proxy(tunnel());
  use(proxy);
  const auto response = get("https://registry.example:5000/v2/");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, "registry.example:5000");
  EXPECT_TRUE(proxy.heard()[0].starts_with("CONNECT registry.example:5000 HTTP/1.1\r\n")) << proxy.heard()[0];
}

TEST_F(ProxiedTest, AUserAndPasswordForTheProxy) {
  serve(testing::make_certificate({.hosts = {"registry.example"}}, ca));
  const RawServer proxy(tunnel());
  use(proxy, "http", "user:p%40ss@");
  ASSERT_TRUE(get("https://registry.example/"));
  // user:p@ss
  EXPECT_NE(proxy.heard()[0].find("\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n"), std::string::npos);
}

TEST_F(ProxiedTest, AProxyThatRefuses) {
  serve(testing::make_certificate({.hosts = {"registry.example"}}, ca));
  const RawServer proxy([](RawServer::Peer& peer) {
    const bool known = peer.hear().find("Proxy-Authorization") != std::string::npos;
    peer.say(known ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                   : "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                     "Content-Length: 0\r\n\r\n");
  });
  const std::string address = "127.0.0.1:" + std::to_string(proxy.port());
  use(proxy);
  EXPECT_EQ(get("https://registry.example/").error(),
            (Error{Code::unreachable, "the proxy " + address + " does not let registry.example through",
                   "it answers HTTP 407",
                   "it wants a user and password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"}));
  use(proxy, "http", "user:secret@");
  EXPECT_EQ(get("https://registry.example/").error(),
            (Error{Code::unreachable,
                   "the proxy " + address + " does not let registry.example through",
                   "it answers HTTP 403",
                   {}}));
}

TEST_F(ProxiedTest, AProxyThatIsNotThere) {
  serve(testing::make_certificate({}, ca));
  std::string address;
  {
    const RawServer proxy([](RawServer::Peer&) {});
    use(proxy, "http", "user:secret@");
    address = "127.0.0.1:" + std::to_string(proxy.port());
  }
  for (const char* url : {"https://registry.example/", "http://registry.example/"}) {
    const Error error = get(url).error();
    EXPECT_EQ(error.code, Code::unreachable);
    EXPECT_EQ(error.message, "cannot connect to the proxy " + address + " on the way to registry.example");
    EXPECT_EQ(error.cause, "connection refused");
    EXPECT_EQ(error.text().find("secret"), std::string::npos);
  }
  fake.variables.values = {{"HTTPS_PROXY", "http://user:secret@no-such-proxy.invalid:3128"}};
  EXPECT_EQ(get("https://registry.example/").error(),
            (Error{Code::unreachable, "no such host: the proxy no-such-proxy.invalid:3128",
                   "the name does not resolve", "the proxy is named by HTTPS_PROXY or HTTP_PROXY"}));
}

TEST_F(ProxiedTest, TheCertificateIsStillTheRegistrys) {
  serve(testing::make_certificate({.hosts = {"proxy.example"}}, ca));
  const RawServer proxy(tunnel());
  use(proxy);
  EXPECT_EQ(get("https://registry.example/").error().text(),
            "the certificate of registry.example is not trusted: it is for proxy.example, not for "
            "registry.example");
}

TEST_F(ProxiedTest, LoopbackAndNoProxyGoDirectly) {
  serve(testing::make_certificate({}, ca));
  const RawServer proxy([](RawServer::Peer& peer) { peer.hear(); });
  use(proxy);
  EXPECT_TRUE(get("https://localhost:" + std::to_string(registry->port()) + "/"));
  fake.variables.values["NO_PROXY"] = ".invalid";
  EXPECT_EQ(get("https://registry.invalid/").error().message, "no such host: registry.invalid");
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(ProxiedTest, ASocksProxyResolvesTheName) {
  serve(testing::make_certificate({.hosts = {"registry.example"}}, ca));
  std::string wanted;
  const RawServer proxy([&](RawServer::Peer& peer) {
    const std::string greeting = peer.hear_bytes(2);  // version, number of methods
    peer.hear_bytes(static_cast<std::size_t>(greeting.at(1)));
    peer.say(std::string("\x05\x00", 2));
    wanted = peer.hear_bytes(4 + 1 + 16 + 2);
    peer.say(std::string("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00", 10));
    peer.tunnel_to(registry->port());
  });
  use(proxy, "socks5");
  const auto response = get("https://registry.example/");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(wanted, std::string("\x05\x01\x00\x03\x10registry.example\x01\xbb", 23));
}

// The proxy's own certificate counts too, and what is said is about it.
TEST_F(ProxiedTest, AProxyOverTls) {
  serve(testing::make_certificate({.hosts = {"registry.example"}}, ca));
  ListenerOptions options;
  const Identity identity = testing::make_certificate({.hosts = {"elsewhere"}}, ca);
  options.certificate_file = folder.write("proxy.pem", identity.certificate);
  options.key_file = folder.write("proxy.key", identity.key);
  const auto proxy =
      Listener::start(options, [](Exchange& exchange) {
        static_cast<void>(exchange.respond(200, {}, exchange.method() + " " + exchange.target()));
      }).value();
  const std::string address = "localhost:" + std::to_string(proxy->port());
  fake.variables.values = {{"HTTP_PROXY", "https://" + address}, {"HTTPS_PROXY", "https://" + address}};
  for (const char* url : {"https://registry.example/", "http://registry.example/"})
    EXPECT_EQ(get(url).error().text(), "the certificate of the proxy " + address +
                                           " is not trusted: it is for elsewhere, not for localhost");
  tls.verify = false;
  const auto response = get("http://registry.example/x");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_TRUE(response->body.starts_with("GET ")) << response->body;
}

}  // namespace
}  // namespace sigstore::net
