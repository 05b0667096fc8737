#include "sigstore/codec/base64.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::codec {
namespace {

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64::encode(as_bytes(plain)), encoded);
    EXPECT_EQ(base64::decode(encoded), to_bytes(plain));
  }
}

TEST(Base64, DecodeRefusesWhatIsNotCanonical) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z", "=", "====", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm9-",
                           "Zm_v", "Zh==", "Zm9=", "Z===", "Zm=v"}) {
    const auto decoded = base64::decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code, Code::malformed) << text;
  }
}

TEST(Base64, DecodeAnyTakesBothAlphabetsAndMissingPadding) {
  const Bytes bytes{0xFB, 0xEF, 0xFF, 0xFE};
  for (const char* text : {"++///g==", "--___g==", "++///g", "--___g"})
    EXPECT_EQ(base64::decode_any(text), bytes) << text;
}

TEST(Base64, DecodeAnyRefusesMixedAlphabetsAndWrongPadding) {
  for (const char* text : {"++__", "+-==", "Zg=", "Zm9vYg=", "Zm9v=", "Zm9v==", "Zm9 v", "Zh"}) {
    EXPECT_FALSE(base64::decode_any(text)) << text;
  }
}

TEST(Base64, DecodeLinesSkipsWhiteSpaceOnly) {
  EXPECT_EQ(base64::decode_lines("\tZm9v\r\nYmFy\n"), to_bytes("foobar"));
  EXPECT_FALSE(base64::decode_lines("Zm9v\vYmFy"));
  EXPECT_FALSE(base64::decode_lines("Zm9v-"));
}

TEST(Base64, RoundTripsBytesOfEveryLength) {
  fakes::SeededRandom random;
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    random.fill(bytes);
    EXPECT_EQ(base64::decode(base64::encode(bytes)), bytes);
    EXPECT_EQ(base64::decode_any(base64::encode(bytes)), bytes);
    const std::string url = base64::encode_url(bytes);
    EXPECT_EQ(base64::decode_any(url), bytes);
    EXPECT_EQ(url.find_first_of("+/="), std::string::npos);
  }
}

}  // namespace
}  // namespace sigstore::codec
