#include "server/registry/range.h"

#include <gtest/gtest.h>

namespace server::registry {
namespace {

using sigstore::net::Headers;

// "3-5", "whole" or "416" for a Range header and ten bytes.
std::string part(const std::string& range, const std::string& if_range = "", std::uint64_t size = 10) {
  Headers headers{{"Range", range}};
  if (!if_range.empty()) headers.set("If-Range", if_range);
  const auto part = wanted_part(headers, size, "\"etag\"");
  if (!part) return std::to_string(part.error().status);
  return *part ? std::to_string((*part)->first) + "-" + std::to_string((*part)->last) : "whole";
}

TEST(Range, OfBytes) {
  EXPECT_EQ(part("bytes=3-5"), "3-5");
  EXPECT_EQ(part("bytes=3-3"), "3-3");
  EXPECT_EQ(part("bytes=7-"), "7-9");
  EXPECT_EQ(part("bytes=7-99"), "7-9");
  EXPECT_EQ(part("bytes=0-99999999999999999999999"), "0-9");
  EXPECT_EQ(part("Bytes=3-5"), "3-5");
}

TEST(Range, OfTheLastBytes) {
  EXPECT_EQ(part("bytes=-3"), "7-9");
  EXPECT_EQ(part("bytes=-10"), "0-9");
  EXPECT_EQ(part("bytes=-99"), "0-9");
  EXPECT_EQ(part("bytes=-99999999999999999999999"), "0-9");
}

TEST(Range, ThatHasNothingOfItIs416) {
  for (const char* none :
       {"bytes=10-", "bytes=10-12", "bytes=5-3", "bytes=-0", "bytes=99999999999999999999999-"})
    EXPECT_EQ(part(none), "416") << none;
  const auto refused = wanted_part({{"Range", "bytes=10-"}}, 10, "");
  EXPECT_EQ(refused.error().headers.get("Content-Range"), "bytes */10");
}

TEST(Range, ThatIsNotUnderstoodIsNone) {
  for (const char* whole : {"bytes=1-2,4-5", "bytes=x", "bytes=1", "bytes=-", "bytes=", "bytes", "lines=1-2",
                            "bytes=1-2-3", "bytes= 1-2", "bytes=+1-2", "bytes=1--2", ""})
    EXPECT_EQ(part(whole), "whole") << whole;
  EXPECT_EQ(part("bytes=0-", "", 0), "whole") << "nothing has no part";
}

TEST(Range, IfRangeWantsTheSameContent) {
  EXPECT_EQ(part("bytes=3-5", "\"etag\""), "3-5");
  EXPECT_EQ(part("bytes=3-5", "\"other\""), "whole");
  EXPECT_EQ(part("bytes=3-5", "W/\"etag\""), "whole") << "a weak tag is not good enough";
  EXPECT_EQ(part("bytes=3-5", "Sat, 29 Oct 1994 19:43:31 GMT"), "whole");
}

// The status for a chunk of `length` bytes behind ten; 0 when it fits.
int chunk(const std::string& range, std::optional<std::uint64_t> length = {}) {
  const Headers headers{{"Content-Range", range}};
  const auto checked = check_chunk({.headers = &headers, .content_length = length}, 10);
  return checked ? 0 : checked.error().status;
}

TEST(Chunk, FollowsWhatIsThere) {
  EXPECT_EQ(chunk("10-14"), 0);
  EXPECT_EQ(chunk("10-14", 5), 0);
  EXPECT_EQ(chunk("10-10", 0), 0) << "what some clients say of nothing";
  for (const char* elsewhere : {"0-14", "9-14", "11-14", "99999999999999999999999-99999999999999999999999"})
    EXPECT_EQ(chunk(elsewhere), 416) << elsewhere;
  const Headers none;
  EXPECT_TRUE(check_chunk({.headers = &none}, 10)) << "without a range it goes to the end";
}

TEST(Chunk, WhatIsNoRangeIsRefused) {
  for (const char* bad : {"", "10", "10-", "-14", "14-10", "bytes 10-14/20", "10-14/20", "a-b", "10-14 "})
    EXPECT_EQ(chunk(bad), 400) << bad;
  EXPECT_EQ(chunk("10-14", 4), 400);
  EXPECT_EQ(chunk("10-14", 6), 400);
}

}  // namespace
}  // namespace server::registry
