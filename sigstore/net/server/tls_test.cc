// The server over TLS, with a client of OpenSSL's own.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/net/server/listener.h"

namespace sigstore::net {
namespace {

using namespace std::chrono_literals;

template <auto function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Free<SSL_free>>;

// A certificate that vouches for itself, and its key, as files NAME.pem and NAME.key.
void write_identity(const std::string& folder, const std::string& name) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const auto write = [&](const char* suffix, auto writer) {
    std::FILE* const file = std::fopen((folder + "/" + name + suffix).c_str(), "w");
    writer(file);
    std::fclose(file);
  };
  write(".pem", [&](std::FILE* file) { PEM_write_X509(file, certificate.get()); });
  write(".key", [&](std::FILE* file) {
    PEM_write_PKCS8PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

struct Tls : ::testing::Test {
  Tls() {
    for (const char* identity : {"server", "client", "other"}) write_identity(folder, identity);
    options.certificate_file = folder + "/server.pem";
    options.key_file = folder + "/server.key";
    trust = Context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_load_verify_file(trust.get(), options.certificate_file.c_str());
    SSL_CTX_set_verify(trust.get(), SSL_VERIFY_PEER, nullptr);
  }

  static int connect_to(const Listener& server) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }

  // Everything the server answers; "no TLS" when there is no connection. `clean` tells whether it said
  // goodbye.
  std::string ask(const Listener& server, const std::string& request) {
    const int fd = connect_to(server);
    std::string answer = "no TLS";
    const Ssl ssl(SSL_new(trust.get()));
    SSL_set_fd(ssl.get(), fd);
    if (SSL_connect(ssl.get()) == 1) {
      answer.clear();
      SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
      char chunk[4096];
      int got = 0;
      while ((got = SSL_read(ssl.get(), chunk, sizeof chunk)) > 0)
        answer.append(chunk, static_cast<std::size_t>(got));
      clean = SSL_get_error(ssl.get(), got) == SSL_ERROR_ZERO_RETURN;
    }
    close(fd);
    return answer;
  }

  std::unique_ptr<Listener> listen() {
    auto listener = Listener::start(options, [](Exchange& exchange) {
      const auto body = exchange.read_all(1 << 20).value_or("bad");
      (void)exchange.respond(200, {{"X-Encrypted", exchange.encrypted() ? "yes" : "no"}}, body);
    });
    EXPECT_TRUE(listener) << listener.error().text();
    return listener ? std::move(*listener) : nullptr;
  }

  ListenerOptions options;
  const fakes::TemporaryFolder temporary;
  const std::string folder = temporary.path();
  Context trust;
  bool clean = false;
};

const std::string get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

TEST_F(Tls, ServesAndSaysGoodbye) {
  const auto server = listen();
  const std::string answer = ask(*server, get);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nX-Encrypted: yes\r\n")) << answer;
  EXPECT_TRUE(clean) << "a cut connection must not look like an end";
}

TEST_F(Tls, CarriesLargeBodiesBothWays) {
  const auto server = listen();
  const std::string body(300000, 'b');
  const std::string answer =
      ask(*server, "PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n" + body);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + body)) << answer.size();
}

TEST_F(Tls, OldVersionsAreRefused) {
  const auto server = listen();
  SSL_CTX_set_security_level(trust.get(), 0);
  SSL_CTX_set_max_proto_version(trust.get(), TLS1_1_VERSION);
  EXPECT_EQ(ask(*server, get), "no TLS");
  SSL_CTX_set_max_proto_version(trust.get(), TLS1_2_VERSION);
  EXPECT_NE(ask(*server, get), "no TLS");
}

TEST_F(Tls, PlainHttpAndSilenceEndOnlyThemselves) {
  options.header_timeout = 200ms;
  const auto server = listen();
  const int plain = connect_to(*server), silent = connect_to(*server);
  send(plain, get.data(), get.size(), MSG_NOSIGNAL);
  char chunk[100];
  const ssize_t got = recv(plain, chunk, sizeof chunk, 0);
  EXPECT_TRUE(got <= 0 || chunk[0] == '\x15') << "an alert at most";
  EXPECT_LE(recv(silent, chunk, sizeof chunk, 0), 0);
  close(plain);
  close(silent);
  EXPECT_NE(ask(*server, get), "no TLS");
}

TEST_F(Tls, AClientShowsACertificateWhereOneIsAskedFor) {
  options.client_ca_file = folder + "/client.pem";
  const auto server = listen();
  SSL_CTX_set_max_proto_version(trust.get(),
                                TLS1_2_VERSION);  // 1.3 tells the client only after it has spoken
  EXPECT_EQ(ask(*server, get), "no TLS");
  for (const std::string name : {"other", "client"}) {
    SSL_CTX_use_certificate_file(trust.get(), (folder + "/" + name + ".pem").c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(trust.get(), (folder + "/" + name + ".key").c_str(), SSL_FILETYPE_PEM);
    EXPECT_EQ(ask(*server, get) != "no TLS", name == "client") << name;
  }
}

TEST_F(Tls, FilesThatCannotBeUsedAreNamed) {
  const std::string nowhere = folder + "/nowhere";
  const std::vector<std::pair<std::string, std::string>> bad = {
      {nowhere, options.key_file},
      {options.certificate_file, nowhere},
      {options.key_file, options.key_file},
      {options.certificate_file, options.certificate_file},
      {options.certificate_file, folder + "/other.key"},
  };
  for (const auto& [certificate, key] : bad) {
    ListenerOptions wrong = options;
    wrong.certificate_file = certificate;
    wrong.key_file = key;
    const auto server = Listener::start(wrong, [](Exchange&) {});
    ASSERT_FALSE(server) << certificate << " " << key;
    EXPECT_EQ(server.error().code, Code::tls);
    const bool names_one = server.error().message.find(certificate) != std::string::npos ||
                           server.error().message.find(key) != std::string::npos;
    EXPECT_TRUE(names_one) << server.error().text();
  }
  options.client_ca_file = nowhere;
  EXPECT_FALSE(Listener::start(options, [](Exchange&) {}));
}

}  // namespace
}  // namespace sigstore::net
