#include "cosign/options/annotations.h"

namespace cosign {
namespace {

using sigstore::oci::Annotations;

TEST(Annotations, OnePerFlag) {
  EXPECT_EQ(parse_annotations({"a=1", "b=2"}), (Annotations{{"a", "1"}, {"b", "2"}}));
}

TEST(Annotations, CommasSplitPairsAsTheRealOneDoes) {
  EXPECT_EQ(parse_annotations({"env=prod,tier=1"}), (Annotations{{"env", "prod"}, {"tier", "1"}}));
}

TEST(Annotations, ACommaInsideOneValueStays) {
  EXPECT_EQ(parse_annotations({"list=x,y"}), (Annotations{{"list", "x,y"}}));
}

TEST(Annotations, OnlyTheFirstEqualsSignSeparates) {
  EXPECT_EQ(parse_annotations({"q=a=b"}), (Annotations{{"q", "a=b"}}));
}

TEST(Annotations, EmptyValueIsAValueButAnEmptyKeyIsNot) {
  EXPECT_EQ(parse_annotations({"k="}), (Annotations{{"k", ""}}));
  EXPECT_EQ(parse_annotations({"=v"}).error().code, sigstore::Code::invalid_argument);
  EXPECT_EQ(parse_annotations({"k"}).error().code, sigstore::Code::invalid_argument);
}

TEST(Annotations, TheLastOfAKeyWins) {
  EXPECT_EQ(parse_annotations({"k=1", "k=2"}), (Annotations{{"k", "2"}}));
}

}  // namespace
}  // namespace cosign
