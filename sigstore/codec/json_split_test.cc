#include "sigstore/codec/json_split.h"

#include <gtest/gtest.h>

namespace sigstore::codec::json {
namespace {

using Views = std::vector<std::string_view>;

TEST(JsonSplit, OneBehindTheOther) {
  EXPECT_EQ(*split_objects("", "f", 9), Views{});
  EXPECT_EQ(*split_objects(" \n", "f", 9), Views{});
  EXPECT_EQ(*split_objects("{}", "f", 9), Views{"{}"});
  EXPECT_EQ(*split_objects("{\"a\":{}}\n{\"b\":[{}]}\r\n\n{}{}", "f", 9),
            (Views{"{\"a\":{}}", "{\"b\":[{}]}", "{}", "{}"}));
  EXPECT_EQ(*split_objects("{\n  \"a\": 1\n}", "f", 9), Views{"{\n  \"a\": 1\n}"});
}

TEST(JsonSplit, BracesInStringsAreNone) {
  EXPECT_EQ(*split_objects(R"({"}":"{","q":"\"}"} {"\\":"\\"})", "f", 9),
            (Views{R"({"}":"{","q":"\"}"})", R"({"\\":"\\"})"}));
}

TEST(JsonSplit, WhatIsNoObjectOrDoesNotEnd) {
  for (const std::string_view bad : {"[]", "x", "{}x", "{} 1", "{", "{\"", "{\"a\\", "{}{\"}"})
    EXPECT_EQ(split_objects(bad, "f", 9).error().code, Code::malformed) << bad;
  EXPECT_EQ(split_objects("{}{", "the file", 9).error().message, "the file, document 2 does not end");
  EXPECT_TRUE(split_objects("{}{}", "f", 2));
  EXPECT_EQ(split_objects("{}{}{}", "f", 2).error().code, Code::too_large);
}

}  // namespace
}  // namespace sigstore::codec::json
