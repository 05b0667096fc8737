// Facts: golang.org/x/net/http/httpproxy, whose table of cases is repeated here in our words.
#include "sigstore/net/proxy.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::net {
namespace {

using Values = std::map<std::string, std::string>;

std::string proxy_for(const std::string& url, const Values& variables) {
  fakes::MapVariables fake;
  fake.values = variables;
  return ProxyRules::from(fake).proxy_for(Url::parse(url).value());
}

// Whether NO_PROXY sends a request for `host` (with a port) directly.
bool is_direct(const std::string& no_proxy, const std::string& host, const std::string& scheme = "http") {
  return proxy_for(scheme + "://" + host + "/",
                   {{"HTTP_PROXY", "proxy:1"}, {"HTTPS_PROXY", "proxy:1"}, {"NO_PROXY", no_proxy}})
      .empty();
}

TEST(Proxy, OneForEachScheme) {
  const Values both{{"HTTP_PROXY", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}};
  EXPECT_EQ(proxy_for("http://example.com/", both), "http://a:1");
  EXPECT_EQ(proxy_for("https://example.com/", both), "http://b:2");
  EXPECT_EQ(proxy_for("https://example.com/", {{"HTTP_PROXY", "http://a:1"}}), "");
  EXPECT_EQ(proxy_for("http://example.com/", {{"HTTPS_PROXY", "http://b:2"}}), "");
  EXPECT_EQ(proxy_for("http://example.com/", {{"ALL_PROXY", "http://a:1"}}), "");
  EXPECT_EQ(proxy_for("http://example.com/", {}), "");
}

TEST(Proxy, UpperCaseComesFirst) {
  EXPECT_EQ(proxy_for("http://example.com/", {{"HTTP_PROXY", "a:1"}, {"http_proxy", "b:2"}}), "http://a:1");
  EXPECT_EQ(proxy_for("http://example.com/", {{"HTTP_PROXY", ""}, {"http_proxy", "b:2"}}), "http://b:2");
  EXPECT_EQ(proxy_for("https://example.com/", {{"https_proxy", "b:2"}}), "http://b:2");
  EXPECT_EQ(proxy_for("http://example.com/", {{"http_proxy", "b:2"}, {"no_proxy", "example.com"}}), "");
}

// A CGI program has HTTP_PROXY from the "Proxy:" header of whoever asks it.
TEST(Proxy, HttpProxyDoesNotCountInACgiProgram) {
  const Values variables{{"REQUEST_METHOD", "GET"}, {"HTTP_PROXY", "a:1"}, {"HTTPS_PROXY", "b:2"}};
  EXPECT_EQ(proxy_for("http://example.com/", variables), "");
  EXPECT_EQ(proxy_for("https://example.com/", variables), "http://b:2");
  EXPECT_EQ(proxy_for("http://example.com/", {{"REQUEST_METHOD", ""}, {"HTTP_PROXY", "a:1"}}), "http://a:1");
}

TEST(Proxy, FormsOfTheValue) {
  const std::pair<const char*, const char*> cases[] = {
      {"cache.corp.example.com", "http://cache.corp.example.com:80"},
      {"cache.corp.example.com:1234", "http://cache.corp.example.com:1234"},
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
      {"HTTP://P/", "http://P:80"},
      {"https://p", "https://p:443"},
      {"https://p:8443/path?query#part", "https://p:8443"},
      {"socks5://10.0.0.1", "socks5://10.0.0.1:1080"},
      {"socks5h://p:1", "socks5h://p:1"},
      {"http://user:p%40ss@p:3128", "http://user:p%40ss@p:3128"},
      {"user:pass@p", "http://user:pass@p:80"},
      {"http://[::1]:3128", "http://[::1]:3128"},
      {"http://[fe80::1]", "http://[fe80::1]:80"},
      {"http://p:", "http://p:80"},
      // no URL: as if it were not set
      {"http://", ""},
      {"http://p:x", ""},
      {"http://a b", ""},
      {"http://p\n", ""},
      {"ht tp://p", ""},
  };
  for (const auto& [value, wanted] : cases)
    EXPECT_EQ(proxy_for("http://example.com/", {{"HTTP_PROXY", value}}), wanted) << value;
}

TEST(Proxy, LoopbackIsNeverProxied) {
  for (const char* host : {"localhost", "localhost:5000", "127.0.0.1", "127.5.5.5:80", "[::1]:5000"})
    EXPECT_TRUE(is_direct("", host)) << host;
  for (const char* host : {"a.localhost", "localhost.example.com", "128.0.0.1", "[::2]"})
    EXPECT_FALSE(is_direct("", host)) << host;
}

TEST(Proxy, NoProxyNamesDomains) {
  for (const char* entry : {"foo.com", "FOO.com", "x, foo.com ,y", "*.foo.com, foo.com"}) {
    EXPECT_TRUE(is_direct(entry, "foo.com")) << entry;
    EXPECT_TRUE(is_direct(entry, "bar.foo.com:5000")) << entry;
    EXPECT_TRUE(is_direct(entry, "Deep.Bar.Foo.Com")) << entry;
    EXPECT_FALSE(is_direct(entry, "barfoo.com")) << entry;
    EXPECT_FALSE(is_direct(entry, "foo.com.example.com")) << entry;
  }
  for (const char* entry : {".foo.com", "*.foo.com"}) {
    EXPECT_TRUE(is_direct(entry, "bar.foo.com")) << entry;
    EXPECT_FALSE(is_direct(entry, "foo.com")) << entry;
  }
  for (const char* entry : {"", ",", " , ", ":80", "f*o.com"})
    EXPECT_FALSE(is_direct(entry, "foo.com")) << entry;
}

TEST(Proxy, NoProxyNamesPorts) {
  EXPECT_TRUE(is_direct("foo.com:5000", "foo.com:5000"));
  EXPECT_TRUE(is_direct("foo.com:5000", "a.foo.com:5000"));
  EXPECT_FALSE(is_direct("foo.com:5000", "foo.com"));
  EXPECT_TRUE(is_direct("foo.com:80", "foo.com"));
  EXPECT_TRUE(is_direct("foo.com:443", "foo.com", "https"));
  EXPECT_FALSE(is_direct("foo.com:443", "foo.com", "http"));
  EXPECT_TRUE(is_direct("10.1.2.3:5000", "10.1.2.3:5000"));
  EXPECT_FALSE(is_direct("10.1.2.3:5000", "10.1.2.3:5001"));
  EXPECT_TRUE(is_direct("[fd00::1]:5000", "[fd00::1]:5000"));
  EXPECT_FALSE(is_direct("[fd00::1]:5000", "[fd00::1]:5001"));
}

TEST(Proxy, NoProxyNamesAddressesAndNetworks) {
  EXPECT_TRUE(is_direct("10.1.2.3", "10.1.2.3:5000"));
  EXPECT_FALSE(is_direct("10.1.2.3", "10.1.2.4"));
  EXPECT_TRUE(is_direct("10.0.0.0/8", "10.255.1.1"));
  EXPECT_FALSE(is_direct("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(is_direct("192.168.4.0/22", "192.168.7.255"));
  EXPECT_FALSE(is_direct("192.168.4.0/22", "192.168.8.0"));
  EXPECT_TRUE(is_direct("fd00::/8", "[fdab::1]:5000"));
  EXPECT_FALSE(is_direct("fd00::/8", "[fe80::1]"));
  EXPECT_TRUE(is_direct("::1,fd00::5", "[fd00::5]"));
  EXPECT_TRUE(is_direct("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(is_direct("0.0.0.0/0", "[2001:db8::1]"));
  EXPECT_FALSE(is_direct("::/0", "8.8.8.8"));
  for (const char* entry : {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0/8", "/8", "fd00::/129"})
    EXPECT_FALSE(is_direct(entry, "10.0.0.1")) << entry;
}

TEST(Proxy, AStarIsEverything) {
  for (const char* host : {"foo.com", "10.0.0.1:5000", "[2001:db8::1]"}) {
    EXPECT_TRUE(is_direct("*", host)) << host;
    EXPECT_TRUE(is_direct("a.com, *", host)) << host;
  }
}

}  // namespace
}  // namespace sigstore::net
