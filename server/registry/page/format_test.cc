#include "server/registry/page/format.h"

#include <gtest/gtest.h>

namespace server::registry::page {
namespace {

TEST(Format, Sizes) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(999), "999 B");
  EXPECT_EQ(size_text(1000), "1.0 kB");
  EXPECT_EQ(size_text(9949), "9.9 kB");
  EXPECT_EQ(size_text(9950), "10 kB");
  EXPECT_EQ(size_text(999'499), "999 kB");
  EXPECT_EQ(size_text(999'500), "1.0 MB");
  EXPECT_EQ(size_text(23'400'000), "23 MB");
  EXPECT_EQ(size_text(~std::uint64_t{0}), "18 EB");
}

TEST(Format, Counts) {
  EXPECT_EQ(count_text(0, "tag"), "0 tags");
  EXPECT_EQ(count_text(1, "tag"), "1 tag");
  EXPECT_EQ(count_text(1204, "tag"), "1,204 tags");
  EXPECT_EQ(count_text(1000000, "tag"), "1,000,000 tags");
}

TEST(Format, Times) {
  EXPECT_EQ(time_text("2026-07-24T09:30:59.5+02:00"), "2026-07-24 07:30 UTC");
  EXPECT_EQ(time_text("yesterday"), "");
  EXPECT_EQ(time_text("0001-01-01T00:00:00Z"), "") << "cosign's word for not known";
}

TEST(Format, Types) {
  EXPECT_EQ(known_type("https://spdx.dev/Document/v2.3"), "SPDX SBOM");
  EXPECT_EQ(known_type("https://slsa.dev/provenance/v1"), "SLSA provenance");
  EXPECT_EQ(known_type("https://example.com/mine"), "");
}

TEST(Format, TagsBesideAnImage) {
  const std::string hex(64, 'a');
  for (const char* ending : {"", ".sig", ".att", ".sbom", ".sig-0123456789abcdef", "-0123456789abcdef"})
    EXPECT_TRUE(is_attachment_tag("sha256-" + hex + ending)) << ending;
  EXPECT_TRUE(is_attachment_tag("sha512-" + hex + hex + ".sig"));
  for (const std::string& tag : {std::string("latest"), "sha256-" + hex.substr(1), "sha256-" + hex + "b",
                                 "sha256-" + hex.substr(1) + "G", std::string("sha256-"), "sha512-" + hex})
    EXPECT_FALSE(is_attachment_tag(tag)) << tag;
}

}  // namespace
}  // namespace server::registry::page
