#include "sigstore/codec/words.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

TEST(Words, TruthAsGoHasIt) {
  for (const char* yes : {"1", "t", "T", "true", "True", "TRUE"}) EXPECT_EQ(parse_bool(yes), true) << yes;
  for (const char* no : {"0", "f", "F", "false", "False", "FALSE"}) EXPECT_EQ(parse_bool(no), false) << no;
  for (const char* other : {"", "yes", "tRUE", " 1", "10"})
    EXPECT_EQ(parse_bool(other), std::nullopt) << other;
}

TEST(Words, OneOrMany) {
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(2, "file"), "2 files");
}

}  // namespace
}  // namespace sigstore::codec
