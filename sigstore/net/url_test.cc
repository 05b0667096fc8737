#include "sigstore/net/url.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"

namespace sigstore::net {
namespace {

Url parsed(std::string_view text) {
  auto url = Url::parse(text);
  EXPECT_TRUE(url) << text << ": " << url.error().text();
  return url.value_or(Url());
}

std::string why_not(std::string_view text) {
  const auto url = Url::parse(text);
  EXPECT_FALSE(url) << text;
  if (url) return "";
  EXPECT_EQ(url.error().code, Code::malformed);
  return url.error().cause;
}

TEST(Url, HasParts) {
  const Url url = parsed("HTTPS://Registry.Example.COM:5000/v2/a%2Fb?n=5&last=x");
  EXPECT_EQ(url, (Url{"https", "registry.example.com", 5000, "/v2/a%2Fb", "n=5&last=x"}));
  EXPECT_EQ(url.text(), "https://registry.example.com:5000/v2/a%2Fb?n=5&last=x");
  EXPECT_EQ(url.authority(), "registry.example.com:5000");
}

TEST(Url, DefaultPortsAndThePathAreFilledIn) {
  EXPECT_EQ(parsed("https://a"), (Url{"https", "a", 443, "/", ""}));
  EXPECT_EQ(parsed("http://a:/"), (Url{"http", "a", 80, "/", ""}));
  EXPECT_EQ(parsed("http://a?x"), (Url{"http", "a", 80, "/", "x"}));
  EXPECT_EQ(parsed("https://a:443").text(), "https://a/");
  EXPECT_EQ(parsed("http://a:443").text(), "http://a:443/");
  EXPECT_EQ(parsed("http://a/?").text(), "http://a/");
}

TEST(Url, Ipv6StandsInBrackets) {
  EXPECT_EQ(parsed("http://[::1]:5000/v2/"), (Url{"http", "::1", 5000, "/v2/", ""}));
  EXPECT_EQ(parsed("http://[::1]:5000/").authority(), "[::1]:5000");
  EXPECT_EQ(parsed("https://[2001:DB8:0:0::1]").authority(), "[2001:db8::1]");
  EXPECT_EQ(parsed("https://[::ffff:10.0.0.1]").host, "::ffff:10.0.0.1");
}

TEST(Url, WhatARegistryHasNoBusinessSendingIsRefused) {
  EXPECT_EQ(why_not("https://user:secret@a/"), "user and password do not belong into a URL");
  EXPECT_EQ(why_not("https://a/#part"), "a fragment does not belong here");
  EXPECT_EQ(why_not("ftp://a/"), "the scheme must be http or https");
  EXPECT_EQ(why_not("file:///etc/passwd"), "the scheme must be http or https");
  for (const char* text : {"", "a/b", "//a/b", "https:a", "https:/a", "/v2/", ":5000"})
    EXPECT_EQ(why_not(text), "it does not start with http:// or https://") << text;
  for (const char* text : {"https://a/ b", "https://a/\r\nX: y", "https://a/\x7f", "https://\xc3\xa4/"})
    EXPECT_EQ(why_not(text), "it has a space, a control character or a byte above ASCII") << text;
  EXPECT_EQ(why_not("https://a/" + std::string(limits::url_bytes, 'x')), "it is too long");
}

TEST(Url, HostsAreNamesOrPlainAddresses) {
  for (const char* text : {"https://", "https:///v2/", "https://:5000/"})
    EXPECT_EQ(why_not(text), "there is no host") << text;
  for (const char* text : {"https://a%41/", "https://a\\b/", "https://a,b/", "https://a;b/", "https://-*/"})
    EXPECT_EQ(why_not(text), "the host has a character that names cannot have") << text;
  // Forms that resolvers take for addresses, and address checks do not.
  for (const char* host : {"127.1", "2130706433", "0x7f.1", "0x7f000001", "127.0.0.01", "1.2.3.4.5",
                           "256.0.0.1", "a.1", "127.0.0.1."})
    EXPECT_EQ(why_not("https://" + std::string(host) + "/"), "the host is not a proper IPv4 address") << host;
  for (const char* host : {"[::1", "[]", "[1.2.3.4]", "[::1%eth0]", "[::g]", "[::1]x", "[::1]]"})
    EXPECT_FALSE(Url::parse("https://" + std::string(host) + "/")) << host;
  EXPECT_EQ(why_not("https://" + std::string(254, 'a')), "the host is too long");
  EXPECT_EQ(parsed("https://my_registry.a-b.").host, "my_registry.a-b.");
}

TEST(Url, PortsAreNumbers) {
  EXPECT_EQ(parsed("http://a:65535").port, 65535);
  EXPECT_EQ(parsed("http://a:080").port, 80);
  for (const char* port : {"0", "65536", "-1", "+1", "x", "80x", "1:2", "99999999999"})
    EXPECT_EQ(why_not("http://a:" + std::string(port)), "the port is not a number from 1 to 65535") << port;
}

TEST(Url, ResolvesLocations) {
  const Url base = parsed("https://a:5000/v2/x/list?n=5");
  const std::pair<const char*, const char*> cases[] = {
      {"https://b/c", "https://b/c"},
      {"HTTP://b", "http://b/"},
      {"//b/c", "https://b/c"},
      {"/d?e", "https://a:5000/d?e"},
      {"d", "https://a:5000/v2/x/d"},
      {"?last=7", "https://a:5000/v2/x/list?last=7"},
      {"", "https://a:5000/v2/x/list?n=5"},
      {"../y/./z", "https://a:5000/v2/y/z"},
      {"../../../..", "https://a:5000/"},
      {"/a/b/../c/.", "https://a:5000/a/c/"},
      {"/a?/../b", "https://a:5000/a?/../b"},
      {"/..a/.b", "https://a:5000/..a/.b"},
      {"b:1/c", nullptr},
      {"javascript:x", nullptr},
      {"//", nullptr},
      {"/a b", nullptr},
      {"/a#b", nullptr},
      {"https://u@b/", nullptr},
  };
  for (const auto& [location, wanted] : cases) {
    const auto url = base.resolve(location);
    EXPECT_EQ(url.has_value(), wanted != nullptr) << location;
    if (url && wanted) {
      EXPECT_EQ(url->text(), wanted) << location;
    }
  }
}

TEST(Url, OriginsAreSchemeHostAndPort) {
  const Url url = parsed("https://a/x");
  EXPECT_TRUE(url.same_origin(parsed("https://A:443/y?z")));
  for (const char* other : {"http://a:443/x", "https://a:444/x", "https://b/x"})
    EXPECT_FALSE(url.same_origin(parsed(other))) << other;
}

TEST(Url, PercentEncoding) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("sha256:ab/c d&e=\xc3\xa4%"), "sha256%3Aab%2Fc%20d%26e%3D%C3%A4%25");
  EXPECT_EQ(percent_decode("sha256%3aab%2Fc%20d%C3%A4+%25"), "sha256:ab/c d\xc3\xa4+%");
  EXPECT_EQ(percent_decode("%%3A%zz%3"), "%:%zz%3");
}

TEST(Url, KindsOfHosts) {
  for (const char* host : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "localhost", "LOCALHOST",
                           "a.localhost", "localhost."})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host : {"128.0.0.1", "::2", "localhost.example.com", "mylocalhost", "10.0.0.1", "0.0.0.0"})
    EXPECT_FALSE(is_loopback(host)) << host;
  for (const char* host : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
                           "0.0.0.0", "fd00::1", "fe80::1", "::", "::ffff:10.0.0.1"})
    EXPECT_TRUE(is_private_or_link_local(host)) << host;
  for (const char* host :
       {"11.0.0.1", "172.32.0.1", "192.169.0.1", "8.8.8.8", "2001:db8::1", "10.example.com"})
    EXPECT_FALSE(is_private_or_link_local(host)) << host;
  EXPECT_TRUE(is_rfc1918("192.168.0.1"));
  EXPECT_FALSE(is_rfc1918("169.254.0.1"));
  EXPECT_FALSE(is_rfc1918("registry"));
}

}  // namespace
}  // namespace sigstore::net
