#include "sigstore/codec/percent.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

TEST(Percent, UnreservedCharactersStandAsTheyAre) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a b/%\xFF\n"), "a%20b%2F%25%FF%0A");
}

TEST(Percent, AndThoseThatAreNamed) {
  EXPECT_EQ(percent_encode("a/b?c", "/"), "a/b%3Fc");
  EXPECT_EQ(percent_encode(std::string_view("a\0b", 3), "/"), "a%00b");
}

}  // namespace
}  // namespace sigstore::codec
