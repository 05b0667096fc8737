#include "cosign/args/size.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

TEST(Size, IsANumberAndAUnit) {
  const std::pair<const char*, std::uint64_t> sizes[] = {{"4096", 4096},
                                                         {"0", 0},
                                                         {"512M", 512'000'000},
                                                         {"100 MB", 100'000'000},
                                                         {"128MiB", 128U << 20},
                                                         {"3kib", 3072},
                                                         {"1g", 1'000'000'000},
                                                         {"10Gi", 10ULL << 30},
                                                         {"7B", 7},
                                                         {"0.5Ki", 512},
                                                         {"1.5Ti", 1'649'267'441'664},
                                                         {"2T", 2'000'000'000'000},
                                                         {"8192TiB", 1ULL << 53}};
  for (const auto& [text, bytes] : sizes) EXPECT_EQ(parse_size(text), bytes) << text;
}

TEST(Size, AnythingElseIsRefused) {
  for (const char* text :
       {"", " ", "x", "-1", "M", ".", ".M", "1.2.3M", "1XB", "1Mi B", " 1M", "1e9", "8193TiB",
        "99999999999999999999999999999999999999999999999", "0.0000000000000000001T"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Size, IsPrintedInTheLargestUnitThatFits) {
  EXPECT_EQ(size_text(512'000'000), "512MB");
  EXPECT_EQ(size_text(128U << 20), "128MiB");
  EXPECT_EQ(size_text(4097), "4097");
  EXPECT_EQ(size_text(0), "0");
}

}  // namespace
}  // namespace cosign
