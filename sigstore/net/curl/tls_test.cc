// Whom a TLS connection trusts, and what is said when it does not.
#include <gtest/gtest.h>

#include <thread>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/server/listener.h"
#include "sigstore/net/testing/certificates.h"
#include "sigstore/net/testing/raw_server.h"

namespace sigstore::net {
namespace {

using testing::CertificateOptions;
using testing::Identity;
using testing::make_authority;
using testing::make_certificate;
using testing::RawServer;

constexpr const char* bundle = "/etc/ssl/certs/ca-certificates.crt";

struct TlsTest : ::testing::Test {
  fakes::TemporaryFolder folder;  // of the servers
  fakes::FakeEnv fake;            // of the client
  TlsOptions tls;
  Identity ca = make_authority("test CA");
  std::unique_ptr<Listener> server;
  std::string host;  // "localhost:PORT"

  void serve(const Identity& identity, const std::string& client_authority = "") {
    ListenerOptions options;
    options.certificate_file = folder.write("tls.pem", identity.certificate);
    options.key_file = folder.write("tls.key", identity.key);
    if (!client_authority.empty()) options.client_ca_file = folder.write("clients.pem", client_authority);
    server = Listener::start(options, [](Exchange& exchange) {
               static_cast<void>(exchange.respond(200, {}, exchange.headers().get("Host").value_or("")));
             }).value();
    host = "localhost:" + std::to_string(server->port());
  }
  void trust(const Identity& authority) {
    fake.files.put("/ca.pem", authority.certificate);
    tls.ca_files = {"/ca.pem"};
  }
  std::unique_ptr<Transport> transport() {
    return make_curl_transport(fake.env(), {.tls = [this](const Url&) -> Result<TlsOptions> { return tls; }});
  }
  Result<Response> get() { return get("https://" + host + "/"); }
  Result<Response> get(const std::string& url) {
    Request request;
    request.url = Url::parse(url).value();
    return transport()->send(request);
  }
  Error refused() {
    const auto response = get();
    EXPECT_FALSE(response);
    return response ? Error() : response.error();
  }
  std::string why_not_trusted() {
    const Error error = refused();
    EXPECT_EQ(error.code, Code::tls);
    EXPECT_EQ(error.message, "the certificate of " + host + " is not trusted");
    return error.cause;
  }
};

TEST_F(TlsTest, AnAuthorityOfTheUser) {
  serve(make_certificate({}, ca));
  trust(ca);
  const auto response = get();
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, host);
  EXPECT_TRUE(get("https://127.0.0.1:" + std::to_string(server->port()) + "/"));
}

TEST_F(TlsTest, AnUnknownAuthority) {
  serve(make_certificate({}, ca));
  trust(make_authority("other CA"));
  EXPECT_EQ(refused(), (Error{Code::tls, "the certificate of " + host + " is not trusted",
                              "its authority \"test CA\" is not in /ca.pem",
                              "give its authority with --registry-cacert: no other one counts beside that"}));
  tls.ca_files.clear();
  fake.files.put(bundle, make_authority("machine CA").certificate);
  EXPECT_EQ(refused().cause, "its authority \"test CA\" is not in " + std::string(bundle));
  EXPECT_EQ(refused().hint,
            "pass --registry-cacert FILE, or put the authority into /etc/docker/certs.d/" + host + "/ca.crt");
}

TEST_F(TlsTest, AnAuthorityOfTheSameNameWithAnotherKey) {
  serve(make_certificate({}, ca));
  trust(make_authority("test CA"));
  EXPECT_EQ(refused().code, Code::tls);
  // Both together: the right one is found.
  fake.files.put("/ca.pem", make_authority("test CA").certificate + ca.certificate);
  EXPECT_TRUE(get());
}

TEST_F(TlsTest, SignedByItself) {
  const Identity self = make_certificate({});
  serve(self);
  trust(ca);
  EXPECT_EQ(why_not_trusted(), "it is signed by nobody but itself, and is not in /ca.pem");
  trust(self);
  EXPECT_TRUE(get());
}

TEST_F(TlsTest, ChainsOverIntermediates) {
  const Identity middle = make_authority("middle CA", ca);
  Identity leaf = make_certificate({}, middle);
  serve(leaf);
  trust(ca);
  EXPECT_EQ(why_not_trusted(), "its authority \"middle CA\" is not in /ca.pem");
  leaf.certificate += middle.certificate;
  serve(leaf);
  EXPECT_TRUE(get());
  leaf.certificate += ca.certificate;
  serve(leaf);
  trust(make_authority("other CA"));
  EXPECT_EQ(why_not_trusted(), "its authority \"test CA\" is not in /ca.pem");
  trust(middle);
  EXPECT_TRUE(get());
}

TEST_F(TlsTest, AnotherName) {
  serve(make_certificate({.hosts = {"registry.example.com", "*.example.net", "10.1.2.3", "fd00::1"}}, ca));
  trust(ca);
  EXPECT_EQ(refused(),
            (Error{Code::tls, "the certificate of " + host + " is not trusted",
                   "it is for registry.example.com, *.example.net, 10.1.2.3, fd00::1, not for localhost",
                   "ask for it by a name of its certificate, or name that with --registry-server-name"}));
}

TEST_F(TlsTest, ManyOtherNamesAndNone) {
  serve(make_certificate({.hosts = {"a", "b", "c", "d", "e", "f", "g"}}, ca));
  trust(ca);
  EXPECT_EQ(why_not_trusted(), "it is for a, b, c, d, e and 2 more, not for localhost");
  serve(make_certificate({.hosts = {}}, ca));
  EXPECT_EQ(why_not_trusted(), "it is for no host name at all");
}

TEST_F(TlsTest, AServerName) {
  serve(make_certificate({.hosts = {"registry.internal"}}, ca));
  trust(ca);
  tls.server_name = "registry.internal";
  const auto response = get();
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, host) << "Host stays what was asked for";
  tls.server_name = "other.internal";
  EXPECT_EQ(why_not_trusted(), "it is for registry.internal, not for other.internal");
}

TEST_F(TlsTest, OutOfTime) {
  trust(ca);
  serve(make_certificate({.from_days = -10, .to_days = -3}, ca));
  EXPECT_TRUE(why_not_trusted().starts_with("it expired on 20"));
  serve(make_certificate({.from_days = 3, .to_days = 10}, ca));
  EXPECT_TRUE(why_not_trusted().starts_with("it is not valid before 20"));
  EXPECT_TRUE(why_not_trusted().ends_with(": is this machine's clock right?"));
  const Identity old =
      make_certificate({.name = "old CA", .hosts = {}, .from_days = -10, .to_days = -3, .authority = true});
  serve(make_certificate({}, old));
  trust(old);
  EXPECT_TRUE(why_not_trusted().starts_with("its authority \"old CA\" expired on 20"));
}

TEST_F(TlsTest, WhoIsNoAuthorityCannotIssue) {
  const Identity leaf = make_certificate({.name = "leaf"}, ca);
  Identity below = make_certificate({}, leaf);
  below.certificate += leaf.certificate;
  serve(below);
  trust(ca);
  EXPECT_EQ(refused().code, Code::tls);
}

TEST_F(TlsTest, NothingIsVerifiedWhenToldSo) {
  serve(make_certificate({.hosts = {"other"}, .to_days = 0}));
  tls.verify = false;
  EXPECT_TRUE(get());
  fake.files.put("/ca.pem", "not even read");
  tls.ca_files = {"/ca.pem"};
  EXPECT_TRUE(get());
}

TEST_F(TlsTest, PlainHttpBehindHttps) {
  const auto plain =
      Listener::start({}, [](Exchange& exchange) { static_cast<void>(exchange.respond(200, {})); });
  host = "localhost:" + std::to_string((*plain)->port());
  trust(ca);
  EXPECT_EQ(refused(), (Error{Code::malformed, host + " does not speak TLS on an https connection",
                              "it answers in plain HTTP",
                              "if it is a plain HTTP registry, pass --allow-http-registry"}));
}

TEST_F(TlsTest, OtherThingsBehindHttps) {
  trust(ca);
  const RawServer talks([](RawServer::Peer& peer) {
    peer.say("SSH-2.0-OpenSSH_9.2p1\r\n");
    peer.wait();
  });
  host = "localhost:" + std::to_string(talks.port());
  EXPECT_EQ(refused().code, Code::malformed);
  EXPECT_EQ(refused().cause, "what it sent is no TLS");
  const RawServer closes([](RawServer::Peer& peer) { peer.hear_bytes(100); });
  host = "localhost:" + std::to_string(closes.port());
  EXPECT_EQ(refused(), (Error{Code::tls, "no TLS connection to " + host, "it closed the connection", {}}));
}

TEST_F(TlsTest, AClientCertificate) {
  const Identity clients = make_authority("clients CA");
  serve(make_certificate({}, ca), clients.certificate);
  trust(ca);
  const Error error = refused();
  EXPECT_EQ(error.code, Code::tls);
  EXPECT_EQ(error.message, host + " wants a client certificate");
  EXPECT_EQ(error.hint,
            "pass --registry-client-cert and --registry-client-key, or put client.cert and client.key "
            "into /etc/docker/certs.d/" +
                host);

  const Identity client = make_certificate({.name = "me", .hosts = {}}, clients);
  fake.files.put("/client.pem", client.certificate);
  fake.files.put("/client.key", client.key);
  tls.client_cert_file = "/client.pem";
  tls.client_key_file = "/client.key";
  const auto response = get();
  ASSERT_TRUE(response) << response.error().text();

  const Identity stranger = make_certificate({.name = "stranger", .hosts = {}}, ca);
  fake.files.put("/client.pem", stranger.certificate);
  fake.files.put("/client.key", stranger.key);
  const Error unwelcome = refused();
  if (unwelcome.code == Code::unavailable) {  // the reset was faster than the alert
    EXPECT_EQ(unwelcome.hint, "it asked for a client certificate: does it know the issuer of /client.pem?");
  } else {
    EXPECT_EQ(unwelcome.message, host + " does not accept the client certificate in /client.pem");
  }
}

TEST_F(TlsTest, AClientCertificateOverAnIntermediateInOneFileWithItsKey) {
  const Identity clients = make_authority("clients CA"), middle = make_authority("middle CA", clients);
  const Identity client = make_certificate({.name = "me", .hosts = {}}, middle);
  serve(make_certificate({}, ca), clients.certificate);
  trust(ca);
  fake.files.put("/client.pem", client.certificate + middle.certificate + client.key);
  tls.client_cert_file = "/client.pem";
  const auto response = get();
  EXPECT_TRUE(response) << response.error().text();
}

// A configuration may hold them itself: a kubeconfig does.
struct GivenPem : TlsTest {
  const Identity clients = make_authority("clients CA");
  const Identity client = make_certificate({.name = "me", .hosts = {}}, clients);

  void give(const std::string& authorities, const std::string& certificate, const std::string& key) {
    auto pem = std::make_shared<TlsPem>();
    pem->authorities = {Secret(authorities), "cluster c"};
    pem->client_cert = {Secret(certificate), "user u"};
    pem->client_key = {Secret(key), "user u"};
    tls.pem = std::move(pem);
  }
};

TEST_F(GivenPem, WithoutAnyFile) {
  serve(make_certificate({}, ca), clients.certificate);
  give(ca.certificate, client.certificate, client.key);
  const int before = fake.files.operations();
  const auto response = get();
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(fake.files.operations(), before);
  give(ca.certificate, client.certificate + client.key, "");
  EXPECT_TRUE(get()) << "the key behind the certificate";
}

TEST_F(GivenPem, BesideFiles) {
  serve(make_certificate({}, ca), clients.certificate);
  fake.files.put("/client.key", client.key);
  tls.client_key_file = "/client.key";
  give("", client.certificate, "");
  trust(ca);
  EXPECT_TRUE(get()) << "the pool and the key are in files";
  fake.files.put("/client.pem", client.certificate);
  tls.client_cert_file = "/client.pem";
  tls.client_key_file = "";
  give(make_authority("other CA").certificate, "", client.key);
  EXPECT_TRUE(get()) << "the certificate is in a file, and both pools count";
}

TEST_F(GivenPem, ThatCannotBeUsed) {
  serve(make_certificate({}, ca), clients.certificate);
  fake.files.put(bundle, ca.certificate);
  give(make_authority("other CA").certificate, client.certificate, client.key);
  EXPECT_EQ(why_not_trusted(), "its authority \"test CA\" is not in cluster c");
  give("no PEM", client.certificate, client.key);
  EXPECT_EQ(refused().message, "the CA certificates in cluster c cannot be used");
  give(ca.certificate, "no PEM", client.key);
  EXPECT_EQ(refused().text(),
            "the client certificate in user u cannot be used: there is no certificate in it");
  give(ca.certificate, client.certificate, make_certificate({}).key);
  EXPECT_EQ(refused().text(),
            "the client key in user u cannot be used: it does not belong to the certificate in user u");
  const Identity stranger = make_certificate({.name = "stranger", .hosts = {}}, ca);
  give(ca.certificate, stranger.certificate, stranger.key);
  const Error unwelcome = refused();  // the reset may be faster than the alert: then the hint names it
  EXPECT_NE((unwelcome.message + unwelcome.hint).find("user u"), std::string::npos) << unwelcome.text();
}

TEST_F(TlsTest, ClientFilesThatCannotBeUsed) {
  serve(make_certificate({}, ca));
  trust(ca);
  const Identity client = make_certificate({}, ca);
  tls.client_cert_file = "/client.pem";
  tls.client_key_file = "/client.key";
  EXPECT_EQ(refused().message, "the client certificate in /client.pem cannot be used");
  fake.files.put("/client.pem", "no PEM");
  fake.files.put("/client.key", client.key);
  EXPECT_EQ(refused().cause, "there is no certificate in it");
  fake.files.put("/client.pem", client.certificate);
  fake.files.put("/client.key", "no PEM");
  EXPECT_EQ(refused().text(),
            "the client key in /client.key cannot be used: there is no key as PEM without a password in it");
  fake.files.put("/client.key", make_certificate({}).key);
  EXPECT_EQ(refused().cause, "it does not belong to the certificate in /client.pem");
}

TEST_F(TlsTest, CaFilesThatCannotBeUsed) {
  serve(make_certificate({}, ca));
  tls.ca_files = {"/ca.pem"};
  EXPECT_EQ(refused().code, Code::tls);
  EXPECT_EQ(refused().message, "the CA certificates in /ca.pem cannot be used");
  fake.files.put("/ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  EXPECT_EQ(refused().cause, "there is no certificate in it");
  fake.files.put("/ca.pem", std::string(limits::ca_bundle_bytes + 1, '\n'));
  EXPECT_EQ(refused().message, "the CA certificates in /ca.pem cannot be used");
}

// Nobody is bothered with files that were not needed yet.
TEST_F(TlsTest, WhoIsNotThereIsSaidFirst) {
  tls.ca_files = {"/nowhere.pem"};
  host = "localhost:1";
  EXPECT_EQ(refused().code, Code::unreachable);
  tls.ca_files.clear();
  EXPECT_EQ(refused().text(), "cannot connect to localhost:1: connection refused");
}

TEST_F(TlsTest, MoreAuthoritiesAreAddedToThePool) {
  serve(make_certificate({}, ca));
  fake.files.put("/certs.d/ca.crt", ca.certificate);
  tls.extra_ca_files = {"/certs.d/ca.crt"};
  EXPECT_TRUE(get()) << "without a bundle of the machine they are all there is";
  fake.files.put(bundle, make_authority("machine CA").certificate);
  EXPECT_TRUE(get());
  fake.files.put("/certs.d/ca.crt", make_authority("other CA").certificate);
  EXPECT_EQ(why_not_trusted(),
            "its authority \"test CA\" is not in " + std::string(bundle) + " or /certs.d/ca.crt");
}

TEST_F(TlsTest, ThePoolOfTheMachine) {
  serve(make_certificate({}, ca));
  for (const char* place :
       {bundle, "/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    fake.files.put(place, "# comment\n" + ca.certificate);
    EXPECT_TRUE(get()) << place;
    ASSERT_TRUE(fake.files.remove(place));
  }
  const Error none = refused();
  EXPECT_EQ(none.code, Code::tls);
  EXPECT_EQ(none.message, "no certificate authorities to verify the connection with");
  EXPECT_EQ(
      none.cause,
      "SSL_CERT_FILE and SSL_CERT_DIR are not set, and there are none in /etc/ssl/certs/ca-certificates.crt, "
      "/etc/pki/tls/certs/ca-bundle.crt, /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem, "
      "/etc/ssl/ca-bundle.pem, /etc/ssl/cert.pem");
  EXPECT_EQ(none.hint, "install ca-certificates, set SSL_CERT_FILE, or pass --registry-cacert FILE");
}

TEST_F(TlsTest, SslCertFile) {
  serve(make_certificate({}, ca));
  fake.files.put(bundle, make_authority("machine CA").certificate);
  fake.files.put("/mine.pem", ca.certificate);
  fake.variables.values["SSL_CERT_FILE"] = "/mine.pem";
  EXPECT_TRUE(get());
  fake.files.put("/mine.pem", make_authority("other CA").certificate);
  fake.files.put(bundle, ca.certificate);
  EXPECT_EQ(why_not_trusted(), "its authority \"test CA\" is not in /mine.pem (SSL_CERT_FILE)");
  fake.variables.values["SSL_CERT_FILE"] = "/nowhere.pem";
  EXPECT_EQ(refused().message, "the CA certificates in /nowhere.pem (SSL_CERT_FILE) cannot be used");
  trust(ca);
  EXPECT_TRUE(get()) << "--registry-cacert replaces the pool, whatever is wrong with it";
}

TEST_F(TlsTest, SslCertDir) {
  serve(make_certificate({}, ca));
  fake.files.put("/first/other.pem", make_authority("other CA").certificate);
  fake.files.put("/second/README", "no certificate");
  fake.files.put("/second/1234.0", ca.certificate);
  fake.variables.values["SSL_CERT_DIR"] = "/first::/missing:/second";
  EXPECT_TRUE(get());
  fake.variables.values["SSL_CERT_DIR"] = "/first";
  EXPECT_EQ(why_not_trusted(), "its authority \"test CA\" is not in /first (SSL_CERT_DIR)");
  fake.files.put("/mine.pem", ca.certificate);
  fake.variables.values["SSL_CERT_FILE"] = "/mine.pem";
  EXPECT_TRUE(get()) << "both count";
  fake.variables.values.erase("SSL_CERT_FILE");
  fake.variables.values["SSL_CERT_DIR"] = "/missing";
  EXPECT_EQ(refused().message, "the CA certificates in /missing (SSL_CERT_DIR) cannot be used");
}

TEST_F(TlsTest, OtherSettingsForOtherHosts) {
  serve(make_certificate({}, ca));
  trust(ca);
  fake.files.put("/other.pem", make_authority("other CA").certificate);
  const auto by_host = [this](const Url& url) -> Result<TlsOptions> {
    if (url.host == "broken") return fail(Code::invalid_argument, "broken certs.d");
    if (url.host == "localhost") return tls;
    return TlsOptions{.ca_files = {"/other.pem"}};
  };
  const auto made = make_curl_transport(fake.env(), {.tls = by_host});
  Request request;
  request.url = Url::parse("https://" + host + "/").value();
  EXPECT_TRUE(made->send(request));
  request.url.host = "127.0.0.1";
  EXPECT_FALSE(made->send(request)) << "a connection to the same server with other settings is another one";
  request.tls_of = Url::parse("https://localhost/").value();
  EXPECT_TRUE(made->send(request));
  request.tls_of = Url::parse("https://broken/").value();
  EXPECT_EQ(made->send(request).error(), (Error{Code::invalid_argument, "broken certs.d", {}, {}}));
  request.url.host = "localhost";
  request.tls_of.reset();
  EXPECT_TRUE(made->send(request));
}

TEST_F(TlsTest, FilesAreReadOnceAndOnlyWhenTheyAreNeeded) {
  serve(make_certificate({}, ca));
  fake.files.put(bundle, ca.certificate);
  const auto made = transport();
  const int before = fake.files.operations();
  Request request;
  request.url = Url::parse("http://localhost:1/").value();
  EXPECT_FALSE(made->send(request));
  EXPECT_EQ(fake.files.operations(), before) << "plain HTTP needs none";
  request.url = Url::parse("https://" + host + "/").value();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(made->send(request));
  request.url.host = "127.0.0.1";
  EXPECT_TRUE(made->send(request));
  EXPECT_EQ(fake.files.operations(), before + 1);
  EXPECT_EQ(server->connections_accepted(), 2U) << "one for each host";
}

// All at once on one pool that is not parsed yet.
TEST_F(TlsTest, ManyThreadsConnect) {
  serve(make_certificate({}, ca));
  std::string authorities;
  for (int i = 0; i < 20; ++i) authorities += make_authority("CA " + std::to_string(i)).certificate;
  fake.files.put(bundle, authorities + ca.certificate);
  const auto made = transport();
  Request request;
  request.url = Url::parse("https://" + host + "/").value();
  constexpr int threads = 8, rounds = 10;
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i)
      running.emplace_back([&] {
        for (int j = 0; j < rounds; ++j) good += made->send(request) ? 1 : 0;
      });
  }
  EXPECT_EQ(good, threads * rounds);
  EXPECT_LE(server->connections_accepted(), static_cast<std::uint64_t>(threads));
}

}  // namespace
}  // namespace sigstore::net
