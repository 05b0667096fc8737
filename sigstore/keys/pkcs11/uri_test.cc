#include "sigstore/keys/pkcs11/uri.h"

#include <gtest/gtest.h>

namespace sigstore::keys {
namespace {

TokenUri parsed(const std::string& text) {
  auto uri = parse_token_uri(text);
  EXPECT_TRUE(uri) << text << ": " << uri.error().text();
  return uri ? std::move(*uri) : TokenUri{};
}

Error refused(const std::string& text) {
  const auto uri = parse_token_uri(text);
  EXPECT_FALSE(uri) << text;
  return uri ? Error{} : uri.error();
}

TEST(TokenUri, AsSigstoresCosignWritesIt) {
  const auto uri = parsed(
      "pkcs11:token=My%20token;slot-id=17;id=%01%aB;object=key?module-path=/usr/lib/x.so&pin-value=12%2634");
  EXPECT_EQ(uri.token, "My token");
  EXPECT_EQ(uri.slot, 17u);
  EXPECT_EQ(uri.id, "\x01\xab");
  EXPECT_EQ(uri.object, "key");
  EXPECT_EQ(uri.module_path, "/usr/lib/x.so");
  ASSERT_TRUE(uri.pin_value);
  EXPECT_EQ(uri.pin_value->reveal(), "12&34");
}

TEST(TokenUri, AsOtherToolsWriteIt) {
  const auto uri = parsed(
      "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=ee49;token=T;id=%00;object=a&b+c;"
      "type=private;x-card=1?pin-source=file:/etc/pin;module-name=softhsm2");
  EXPECT_EQ(uri.model, "SoftHSM v2");
  EXPECT_EQ(uri.manufacturer, "SoftHSM project");
  EXPECT_EQ(uri.serial, "ee49");
  EXPECT_EQ(uri.id, std::string(1, '\0'));
  EXPECT_EQ(uri.object, "a&b+c");
  EXPECT_EQ(uri.pin_source, "file:/etc/pin");
  EXPECT_FALSE(uri.pin_value);
}

TEST(TokenUri, WhatIsEmptyIsNotGiven) {
  const auto uri = parsed("pkcs11:;token=T;slot-id=;id=;object=k;?pin-value=&");
  EXPECT_FALSE(uri.slot);
  EXPECT_EQ(uri.id, "");
  EXPECT_FALSE(uri.pin_value);
}

TEST(TokenUri, IsWrittenSoThatBothReadIt) {
  TokenUri uri;
  uri.token = "a b";
  uri.slot = 3;
  uri.id = std::string("\x00\xff", 2);
  uri.object = "x+y&z;?\xc3\xa4";
  uri.module_path = "/m.so";
  uri.pin_value = Secret(std::string_view("1234"));
  EXPECT_EQ(write_token_uri(uri),
            "pkcs11:token=a%20b;slot-id=3;id=%00%ff;object=x%2by%26z%3b%3f%c3%a4?module-path=/m.so");
  uri.token = "ends with:";
  EXPECT_TRUE(write_token_uri(uri).starts_with("pkcs11:token=ends%20with:;slot-id=3;"));
  uri.token = "";
  EXPECT_TRUE(write_token_uri(uri).starts_with("pkcs11:slot-id=3;"));
}

TEST(TokenUri, Refusals) {
  EXPECT_EQ(refused("cosign.key").code, Code::not_mine);
  EXPECT_EQ(refused("pkcs11").code, Code::not_mine);
  EXPECT_EQ(refused("pkcs11:object=k").message, "the pkcs11: URI of the key names no token");
  EXPECT_EQ(refused("pkcs11:token=T").message, "the pkcs11: URI names no key");
  EXPECT_EQ(refused("pkcs11:token=T;object=%4").cause,
            "in \"object\" a % is not followed by two hexadecimal digits");
  EXPECT_EQ(refused("pkcs11:token=T;object=%zz").code, Code::malformed);
  EXPECT_EQ(refused("pkcs11:token=T;object=a;object=b").cause, "\"object\" stands in it twice");
  EXPECT_EQ(refused("pkcs11:token=T;object").cause, "a part of it has no =");
  EXPECT_EQ(refused("pkcs11:slot-id=x;object=k").cause, "slot-id is no number");
  EXPECT_EQ(refused("pkcs11:slot-id=-1;object=k").code, Code::malformed);
  EXPECT_EQ(refused("pkcs11:slot-id=99999999999999999999;object=k").code, Code::malformed);
  EXPECT_EQ(refused("pkcs11:token=T;object=k;type=cert").message, "the pkcs11: URI is not of a key");
  EXPECT_EQ(refused("pkcs11:tokn=T;object=k").code, Code::unsupported);
  EXPECT_EQ(refused("pkcs11:token=T;object=k?pin=1").code, Code::unsupported);
  EXPECT_EQ(refused("pkcs11:token=T;object=k?pin-value=1&pin-source=/p").cause,
            "it has both pin-value and pin-source");
  EXPECT_EQ(refused("pkcs11:token=T;object=" + std::string(5000, 'k')).code, Code::too_large);
}

TEST(TokenUri, NoErrorRepeatsAPin) {
  for (const char* text :
       {"pkcs11:token=T?pin-value=s3cret", "pkcs11:token=T;object=k?pin-value=s3cret%z",
        "pkcs11:token=T;object=k?pin-value=s3cret&pin-value=s3cret", "pkcs11:object=k?pin-value=s3cret",
        "pkcs11:token=T;object=k?pin-value=s3cret&s3cret",
        "pkcs11:token=T;object=k?pin-source=s3cret&pin-value=s3cret",
        "pkcs11:token=T;object=k;pin-value=s3cret", "pkcs11:object=k;token=T&pin-value=s3cret"})
    EXPECT_EQ((refused(text).text() + refused(text).hint).find("s3cret"), std::string::npos) << text;
}

}  // namespace
}  // namespace sigstore::keys
