#include "server/registry/page/html.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"

namespace server::registry::page::html {
namespace {

std::string text(std::string_view from_outside) {
  return Html().add(from_outside).markup();
}

TEST(Html, ElementsNestAndEnd) {
  EXPECT_EQ(of("p", "note", "a ", el("b", "c"), " d").markup(), "<p class=\"note\">a <b>c</b> d</p>");
  EXPECT_EQ(el("input", attribute("name", "q"), "never shown").markup(), "<input name=\"q\">");
}

TEST(Html, TextIsNeverMarkup) {
  EXPECT_EQ(text("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
  EXPECT_EQ(text("&lt; \" '"), "&amp;lt; &quot; &#39;");
  EXPECT_EQ(attribute("title", "\"><img src=x onerror=alert(1)>").markup(),
            " title=\"&quot;&gt;&lt;img src=x onerror=alert(1)&gt;\"");
}

TEST(Html, WhatReordersOrHidesTextBecomesVisible) {
  EXPECT_EQ(text("a\u202e"
                 "b\u2066"
                 "c\u200f"),
            "a\\u202eb\\u2066c\\u200f");
  EXPECT_EQ(text(std::string("a\0b\x1b[1m\n", 8)), "a\\x00b\\x1b[1m\\n");
}

TEST(Html, WhatIsNoUtf8BecomesVisible) {
  EXPECT_EQ(text("\xff<\xc3"), "\\xff&lt;\\xc3");
  EXPECT_EQ(text("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
}

TEST(Html, OtherScriptsStay) {
  EXPECT_EQ(text("שלום, ümläut, 漢字, 🔑"), "שלום, ümläut, 漢字, 🔑");
}

TEST(Html, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abc…");
  EXPECT_EQ(shortened("äääää", 6), "ä…") << "no half of a character";
  std::string longest;
  while (longest.size() < 3 * sigstore::limits::page_text_bytes) longest += "ä";
  const std::string cut = text(longest);
  EXPECT_LE(cut.size(), sigstore::limits::page_text_bytes);
  EXPECT_TRUE(cut.ends_with("ä…"));
}

TEST(Path, KeepsWhatIsAddedInItsPlace) {
  EXPECT_EQ(Path("/r/").add("team/app").query("q", "a&b=c d").query("all", "true").text(),
            "/r/team/app?q=a%26b%3Dc%20d&all=true");
  EXPECT_EQ(Path("/r/").add("x?\"><b>#").text(), "/r/x%3F%22%3E%3Cb%3E%23");
  EXPECT_EQ(href(Path("/r/").add("a")).markup(), " href=\"/r/a\"");
}

TEST(Document, HasItsLanguageAndItsStyle) {
  const std::string markup = document("en", "a <title>", "p{color:red}", el("body", "hello")).markup();
  EXPECT_TRUE(markup.starts_with("<!doctype html>\n<html lang=\"en\"><head>")) << markup;
  EXPECT_NE(markup.find("<title>a &lt;title&gt;</title>"), std::string::npos);
  EXPECT_NE(markup.find("<style>p{color:red}</style>"), std::string::npos);
  EXPECT_NE(markup.find("<body>hello</body></html>"), std::string::npos);
}

}  // namespace
}  // namespace server::registry::page::html
