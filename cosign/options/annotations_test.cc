#include "cosign/options/annotations.h"

namespace cosign {
namespace {

using sigstore::oci::Annotations;

TEST(Annotations, OnePerFlag) {
  EXPECT_EQ(parse_annotations({"a=1", "b=2"}), (Annotations{{"a", "1"}, {"b", "2"}}));
}

TEST(Annotations, OnlyTheFirstEqualsSignSeparates) {
  EXPECT_EQ(parse_annotations({"q=a=b"}), (Annotations{{"q", "a=b"}}));
}

TEST(Annotations, EmptyValueIsAValueButAnEmptyKeyIsNot) {
  EXPECT_EQ(parse_annotations({"k="}), (Annotations{{"k", ""}}));
  EXPECT_EQ(parse_annotations({"=v"}).error().code, sigstore::Code::invalid_argument);
  EXPECT_EQ(parse_annotations({"k"}).error().code, sigstore::Code::invalid_argument);
}

TEST(Annotations, TextIsUtf8) {
  EXPECT_EQ(parse_annotations({"k=\xc3\xa9 \"<&\n"}), (Annotations{{"k", "\xc3\xa9 \"<&\n"}}));
  EXPECT_EQ(parse_annotations({"k=\xff"}).error().cause, "it has bytes that are no UTF-8");
  EXPECT_EQ(parse_annotations({"\xed\xa0\x80=v"}).error().code, sigstore::Code::invalid_argument);
}

TEST(Annotations, TheLastOfAKeyWins) {
  EXPECT_EQ(parse_annotations({"k=1", "k=2"}), (Annotations{{"k", "2"}}));
}

}  // namespace
}  // namespace cosign
