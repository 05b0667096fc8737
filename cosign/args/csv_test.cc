#include "cosign/args/csv.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using Fields = std::vector<std::string>;

TEST(Csv, Fields) {
  EXPECT_EQ(*split_csv(""), Fields{});
  EXPECT_EQ(*split_csv("a"), Fields{"a"});
  EXPECT_EQ(*split_csv("a,b"), (Fields{"a", "b"}));
  EXPECT_EQ(*split_csv("a,,b,"), (Fields{"a", "", "b", ""}));
  EXPECT_EQ(*split_csv(" a, b"), (Fields{" a", " b"}));
}

TEST(Csv, Quotes) {
  EXPECT_EQ(*split_csv(R"("a,b",c)"), (Fields{"a,b", "c"}));
  EXPECT_EQ(*split_csv(R"("say ""hi""")"), Fields{R"(say "hi")"});
  EXPECT_EQ(*split_csv(R"("")"), Fields{""});
}

TEST(Csv, Broken) {
  for (const char* text : {R"("a)", R"(a"b)", R"("a"b)", R"(a,"b)", R"(")"})
    EXPECT_FALSE(split_csv(text)) << text;
}

}  // namespace
}  // namespace cosign
