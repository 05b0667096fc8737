#include "sigstore/codec/hex.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

TEST(Hex, WritesLowerCaseAndReadsEither) {
  const Bytes bytes{0x00, 0x7F, 0xAB, 0xFF};
  EXPECT_EQ(hex::encode(bytes), "007fabff");
  EXPECT_EQ(hex::decode("007fabff"), bytes);
  EXPECT_EQ(hex::decode("007FABff"), bytes);
  EXPECT_EQ(hex::decode(""), Bytes());
}

TEST(Hex, RefusesOtherText) {
  for (const char* text : {"0", "abc", "0g", "g0", "0x", " 0", "a\n"}) {
    const auto decoded = hex::decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code, Code::malformed);
  }
}

}  // namespace
}  // namespace sigstore::codec
