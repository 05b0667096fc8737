#include "sigstore/remote/registry/realm.h"

namespace sigstore::remote {
namespace {

net::Url url(const std::string& text) {
  return net::Url::parse(text).value();
}

Code refused(const std::string& registry, bool verified, const std::string& realm) {
  const auto checked = check_realm(url(registry), verified, realm);
  EXPECT_FALSE(checked) << registry << " " << realm;
  return checked ? Code::internal : checked.error().code;
}

bool taken(const std::string& registry, bool verified, const std::string& realm) {
  const auto checked = check_realm(url(registry), verified, realm);
  return checked && *checked == url(realm);
}

TEST(Realm, AnyHttpsRealmThatAVerifiedRegistryNames) {
  EXPECT_TRUE(taken("https://index.docker.io/v2/", true, "https://auth.docker.io/token"));
  EXPECT_TRUE(taken("https://registry.gitlab.com/v2/", true, "https://gitlab.com/jwt/auth?x=y"));
  EXPECT_TRUE(taken("https://r.example/v2/", true, "https://93.184.216.34/token"));
  EXPECT_TRUE(taken("https://r.example:5000/v2/", true, "https://r.example:5001/token"));
}

TEST(Realm, WithoutVerifiedTlsOnlyTheRegistrysOwnHost) {
  EXPECT_TRUE(taken("https://r.example/v2/", false, "https://r.example:8443/token"));
  EXPECT_EQ(refused("https://r.example/v2/", false, "https://auth.example/token"), Code::tls);
}

TEST(Realm, OverPlainHttpOnlyTheSameHost) {
  EXPECT_TRUE(taken("http://r.example/v2/", false, "http://r.example/token"));
  EXPECT_TRUE(taken("http://r.example/v2/", false, "http://R.EXAMPLE:5001/token"));
  EXPECT_TRUE(taken("http://r.example/v2/", false, "https://r.example/token"));
  EXPECT_EQ(refused("http://r.example/v2/", false, "http://auth.example/token"), Code::tls);
  EXPECT_EQ(refused("http://r.example/v2/", false, "https://auth.example/token"), Code::tls);
  EXPECT_EQ(refused("http://r.example/v2/", false, "http://sub.r.example/token"), Code::tls);
}

TEST(Realm, PlainHttpBelowHttpsIsRefusedEvenAtTheSameHost) {
  EXPECT_EQ(refused("https://r.example/v2/", true, "http://auth.example/token"), Code::tls);
  EXPECT_EQ(refused("https://r.example/v2/", true, "http://r.example/token"), Code::tls);
  EXPECT_EQ(refused("https://10.1.2.3/v2/", true, "http://10.1.2.3/token"), Code::tls);
}

TEST(Realm, InnerAddressesOtherThanTheRegistrysOwn) {
  for (const char* host :
       {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "127.0.0.1", "0.0.0.0",
        "[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "[::]", "localhost", "x.localhost"}) {
    const std::string realm = std::string("https://") + host + "/token";
    EXPECT_EQ(refused("https://r.example/v2/", true, realm), Code::tls) << host;
    EXPECT_EQ(refused("https://10.9.9.9/v2/", true, realm), Code::tls) << host;
    EXPECT_TRUE(taken(std::string("https://") + host + ":5000/v2/", true, realm)) << host;
  }
  EXPECT_TRUE(taken("https://r.example/v2/", true, "https://172.32.0.1/token"));
}

TEST(Realm, WhatIsNoUrlForThis) {
  for (const char* realm : {"", "auth.example", "/token", "ftp://auth.example/", "https://", "test",
                            "https://user:word@auth.example/token", "https://127.1/token",
                            "https://0x7f.1/token", "https://2130706433/token", "https://auth.example\n/"})
    EXPECT_EQ(refused("https://r.example/v2/", true, realm), Code::malformed) << realm;
}

TEST(Realm, TheErrorNamesBothAndWhatToDo) {
  const auto checked = check_realm(url("https://r.example/v2/"), false, "https://auth.example/token");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            "no credentials of r.example go to the realm https://auth.example that it names");
  EXPECT_EQ(checked.error().hint, "--registry-cacert FILE instead of --allow-insecure-registry");
  const auto plain = check_realm(url("http://r.example/v2/"), false, "https://auth.example/token");
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().cause, "over plain HTTP anybody on the way can name another host");
  EXPECT_EQ(plain.error().hint, "");
}

}  // namespace
}  // namespace sigstore::remote
