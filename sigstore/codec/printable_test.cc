#include "sigstore/codec/printable.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

TEST(Printable, TextStays) {
  EXPECT_EQ(printable("plain text, ümläut, 漢字, 🔑 and \\ \""), "plain text, ümläut, 漢字, 🔑 and \\ \"");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, EscapeSequencesBecomeVisible) {
  EXPECT_EQ(printable("\x1b[2J\x1b]0;title\x07"), "\\x1b[2J\\x1b]0;title\\x07");
  EXPECT_EQ(printable("a\rb\bc\x7f"), "a\\rb\\x08c\\x7f");
  EXPECT_EQ(printable(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m");  // C1 control sequence introducer
}

TEST(Printable, NothingFakesALineOrReordersOne) {
  EXPECT_EQ(printable("denied\nerror: none\tx"), "denied\\nerror: none\\tx");
  EXPECT_EQ(printable_lines("two\nlines\tx\r"), "two\nlines\tx\\r");
  EXPECT_EQ(printable("a\u202e"
                      "b\u2066"
                      "c\u200f"
                      "d\u2028"
                      "e\u061c"),
            "a\\u202eb\\u2066c\\u200fd\\u2028e\\u061c");
}

TEST(Printable, BytesThatAreNoTextAreShown) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80");                    // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  EXPECT_EQ(printable("\xe6\xbc"), "\\xe6\\xbc");                    // cut short
}

TEST(Printable, ASecondPassChangesNothing) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string once = printable(std::string("x") + static_cast<char>(byte) + "y");
    EXPECT_EQ(printable(once), once);
  }
}

}  // namespace
}  // namespace sigstore::codec
