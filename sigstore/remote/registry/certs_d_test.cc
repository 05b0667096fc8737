#include "sigstore/remote/registry/certs_d.h"

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::remote {
namespace {

const std::vector<std::string> folders{"/etc/docker/certs.d", "/etc/containers/certs.d"};

class CertsDTest : public ::testing::Test {
 protected:
  Result<net::TlsOptions> tls(const std::string& url, net::TlsOptions before = {}) {
    return with_certs_d(fake.files, folders, net::Url::parse(url).value(), std::move(before));
  }
  fakes::FakeEnv fake;
};

TEST_F(CertsDTest, Folders) {
  EXPECT_EQ(certs_d_folders(fake.variables), folders);
  fake.variables.values["HOME"] = "/home/dev";
  EXPECT_EQ(
      certs_d_folders(fake.variables),
      (std::vector<std::string>{"/etc/docker/certs.d", "/etc/containers/certs.d",
                                "/home/dev/.config/docker/certs.d", "/home/dev/.config/containers/certs.d"}));
}

TEST_F(CertsDTest, NothingThere) {
  EXPECT_EQ(tls("https://r.example/v2/"), net::TlsOptions{});
}

TEST_F(CertsDTest, AuthoritiesAreAddedToThePool) {
  fake.files.put("/etc/docker/certs.d/r.example:5000/ca.crt", "x");
  fake.files.put("/etc/docker/certs.d/r.example:5000/readme.txt", "x");
  fake.files.put("/etc/containers/certs.d/r.example:5000/other.crt", "x");
  fake.files.put("/etc/docker/certs.d/r.example/of-443.crt", "x");
  const auto got = tls("https://r.example:5000/v2/");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->extra_ca_files,
            (std::vector<std::string>{"/etc/docker/certs.d/r.example:5000/ca.crt",
                                      "/etc/containers/certs.d/r.example:5000/other.crt"}));
  EXPECT_TRUE(got->ca_files.empty());
}

TEST_F(CertsDTest, TheDefaultPortWrittenOrNot) {
  fake.files.put("/etc/docker/certs.d/r.example/a.crt", "x");
  fake.files.put("/etc/docker/certs.d/r.example:443/b.crt", "x");
  EXPECT_EQ(tls("https://r.example/v2/")->extra_ca_files.size(), 2u);
}

TEST_F(CertsDTest, DockerHubByItsShortName) {
  fake.files.put("/etc/docker/certs.d/docker.io/a.crt", "x");
  EXPECT_EQ(tls("https://index.docker.io/v2/")->extra_ca_files.size(), 1u);
}

TEST_F(CertsDTest, APoolThatWasNamedIsNotAddedTo) {
  fake.files.put("/etc/docker/certs.d/r.example/a.crt", "x");
  net::TlsOptions named;
  named.ca_files = {"ca.pem"};
  EXPECT_EQ(tls("https://r.example/v2/", named), named);
}

TEST_F(CertsDTest, AClientCertificate) {
  for (const char* name : {"b.cert", "b.key", "a.cert", "a.key"})
    fake.files.put(std::string("/etc/docker/certs.d/r.example/") + name, "x");
  const auto got = tls("https://r.example/v2/");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->client_cert_file, "/etc/docker/certs.d/r.example/a.cert");
  EXPECT_EQ(got->client_key_file, "/etc/docker/certs.d/r.example/a.key");
  net::TlsOptions named;
  named.client_cert_file = "mine.pem";
  named.client_key_file = "mine.key";
  EXPECT_EQ(tls("https://r.example/v2/", named)->client_cert_file, "mine.pem");
}

TEST_F(CertsDTest, HalfAClientCertificate) {
  fake.files.put("/etc/docker/certs.d/a.example/x.cert", "x");
  fake.files.put("/etc/docker/certs.d/b.example/x.key", "x");
  for (const char* url : {"https://a.example/", "https://b.example/"}) {
    const auto got = tls(url);
    ASSERT_FALSE(got) << url;
    EXPECT_EQ(got.error().code, Code::invalid_argument) << url;
    EXPECT_NE(got.error().message.find("/etc/docker/certs.d/"), std::string::npos) << url;
  }
}

}  // namespace
}  // namespace sigstore::remote
