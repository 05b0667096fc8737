#include "sigstore/keys/k8s/internal/secret_object.h"

#include <gtest/gtest.h>

namespace sigstore::keys::k8s {
namespace json = codec::json;
namespace {

const SecretName name{"build", "release.key"};

json::Value parsed(const std::string& text) {
  return json::parse(text, "test").value();
}

std::string secret(const std::string& more) {
  return R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"release.key","namespace":"build")" + more +
         "}";
}

std::string refused(const std::string& text) {
  const auto read = parse_secret(parsed(text), name);
  EXPECT_FALSE(read) << text;
  return read ? "" : read.error().text();
}

TEST(SecretNameTest, References) {
  const auto read = SecretName::parse("k8s://build/release.key");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, name);
  EXPECT_EQ(read->path(), "/api/v1/namespaces/build/secrets/release.key");
  EXPECT_EQ(SecretName::parse("cosign.key").error().code, Code::not_mine);
  EXPECT_EQ(SecretName::parse("K8S://a/b").error().code, Code::not_mine);
  for (const char* bad : {"", "a", "a/", "/b", "a/b/c", "A/b", "a.b/c", "a/..", "a/b..c", "a/-b", "a/b%2f",
                          "a/b?x", "../b", "a/B", "a b/c"}) {
    const auto error = SecretName::parse("k8s://" + std::string(bad)).error();
    EXPECT_EQ(error.code, Code::invalid_argument) << bad;
    EXPECT_EQ(error.message, "a Kubernetes secret is named as k8s://NAMESPACE/NAME");
  }
  EXPECT_FALSE(SecretName::parse("k8s://a/" + std::string(254, 'b')));
  EXPECT_FALSE(SecretName::parse("k8s://" + std::string(64, 'a') + "/b"));
}

TEST(SecretObjectTest, WhatIsInIt) {
  const auto read = parse_secret(parsed(secret(R"(},"immutable":true,"type":"Opaque","data":{
      "cosign.key":"S0VZ","cosign.pub":"UFVC","cosign.password":"cHcK","other":"!"})")),
                                 name);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->private_pem, "KEY");
  EXPECT_EQ(read->public_pem, "PUB");
  EXPECT_EQ(read->password->reveal(), "pw\n");
  EXPECT_TRUE(read->immutable);
}

TEST(SecretObjectTest, WhatIsNotInIt) {
  for (const char* more :
       {"}", R"(},"data":null)", R"(},"data":{},"immutable":false)", R"(},"data":{"cosign.key":null})"}) {
    const auto read = parse_secret(parsed(secret(more)), name);
    ASSERT_TRUE(read) << more << read.error().text();
    EXPECT_FALSE(read->private_pem || read->public_pem || read->password || read->immutable);
  }
  EXPECT_EQ(parse_secret(parsed(secret(R"(},"data":{"cosign.password":""})")), name)->password->size(), 0U)
      << "an empty password is one";
}

TEST(SecretObjectTest, OtherThings) {
  const std::string none = "what the server gave is not the secret build/release.key: ";
  EXPECT_EQ(refused("[]"), none + "it is no object of the kind Secret");
  EXPECT_EQ(refused(R"({"kind":"ConfigMap"})"), none + "it is no object of the kind Secret");
  EXPECT_EQ(refused(R"({"kind":"Secret"})"), none + "it has another name");
  EXPECT_EQ(refused(R"({"kind":"Secret","metadata":{"name":"release.key","namespace":"other"}})"),
            none + "it has another name");
  EXPECT_EQ(refused(secret(R"(},"data":{"cosign.key":"s3cret!"})")),
            "cosign.key in the secret build/release.key is no base64");
  EXPECT_EQ(refused(secret(R"(},"data":{"cosign.password":7})")),
            "cosign.password in the secret build/release.key is no base64");
  EXPECT_EQ(refused(secret(R"(},"data":[])")).find("s3cret"), std::string::npos);
}

TEST(SecretObjectTest, ANewOne) {
  const Secret password(std::string_view("pw"));
  EXPECT_EQ(json::write(write_secret(name, nullptr, "KEY", "PUB", &password)),
            R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"release.key","namespace":"build"},)"
            R"("data":{"cosign.key":"S0VZ","cosign.password":"cHc=","cosign.pub":"UFVC"},"immutable":true})");
  EXPECT_EQ(json::write(write_secret(name, nullptr, "KEY", "PUB", nullptr)),
            R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"release.key","namespace":"build"},)"
            R"("data":{"cosign.key":"S0VZ","cosign.pub":"UFVC"},"immutable":true})");
}

// What somebody else has put there stays; the version says that nobody changed it meanwhile.
TEST(SecretObjectTest, OverOneThatIsThere) {
  const auto there =
      parse_secret(parsed(secret(R"(,"labels":{"a":"b"},"resourceVersion":"7","managedFields":[{}]},
      "type":"example.com/keys","data":{"other":"eA==","cosign.password":"cHc="})")),
                   name);
  ASSERT_TRUE(there) << there.error().text();
  EXPECT_EQ(json::write(write_secret(name, &*there, "KEY", "PUB", nullptr)),
            R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"release.key","namespace":"build",)"
            R"("labels":{"a":"b"},"resourceVersion":"7"},"type":"example.com/keys",)"
            R"("data":{"cosign.key":"S0VZ","cosign.pub":"UFVC","other":"eA=="},"immutable":true})");
}

}  // namespace
}  // namespace sigstore::keys::k8s
