#include "server/registry/signature_tag.h"

#include <gtest/gtest.h>

namespace server::registry {
namespace {

const std::string hex(64, 'a'), long_hex(128, 'b'), key = "-0123456789abcdef";

TEST(SignatureTag, NamesItsImage) {
  for (const std::string prefix : {"", "team-"})
    for (const std::string suffix : {".sig", ".att", ".sbom"})
      for (const std::string& end : {std::string(), key}) {
        const std::string text = prefix + "sha256-" + hex + suffix + end;
        const auto tag = parse_signature_tag(text);
        ASSERT_TRUE(tag) << text;
        EXPECT_EQ(tag->subject.text(), "sha256:" + hex);
        EXPECT_FALSE(tag->fallback);
      }
  EXPECT_EQ(parse_signature_tag("sha512-" + long_hex + ".sig")->subject.text(), "sha512:" + long_hex);
}

TEST(SignatureTag, OneWithoutASuffixIsTheFallback) {
  for (const std::string& text : {"sha256-" + hex, "sha256-" + hex + key, "sha512-" + long_hex}) {
    const auto tag = parse_signature_tag(text);
    ASSERT_TRUE(tag) << text;
    EXPECT_TRUE(tag->fallback);
  }
}

TEST(SignatureTag, OthersAreNone) {
  for (const std::string& text :
       {std::string(), std::string("latest"), "team-sha256-" + hex, "sha256-" + hex.substr(1),
        "sha256-" + hex + "a", "sha256-" + hex + ".sigs", "sha256-" + hex + ".sig-0123",
        "sha256-" + std::string(64, 'A') + ".sig", "sha256:" + hex, "sha512-" + hex, "md5-" + hex + ".sig",
        std::string(".sig"), key})
    EXPECT_FALSE(parse_signature_tag(text)) << text;
}

}  // namespace
}  // namespace server::registry
