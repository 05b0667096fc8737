#include "sigstore/net/http_date.h"

#include <gtest/gtest.h>

namespace sigstore::net {
namespace {

using namespace std::chrono;

TEST(HttpDate, WritesWhatRfc9110Shows) {
  EXPECT_EQ(http_date(Time(seconds(784111777))), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(Time(seconds(0))), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(Time(seconds(951782399) + 999ms)), "Mon, 28 Feb 2000 23:59:59 GMT");
}

TEST(HttpDate, ReadsWhatItWrites) {
  for (const std::int64_t instant : {0LL, 784111777LL, 951782400LL, 1709164800LL, 4102444799LL}) {
    const Time time{seconds(instant)};
    const auto read = parse_http_date(http_date(time));
    ASSERT_TRUE(read) << instant;
    EXPECT_EQ(*read, time);
  }
}

TEST(HttpDate, RefusesOtherForms) {
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT", "Xxx, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Xxx 1994 08:49:37 GMT", "Sun, 30 Feb 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08-49-37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    const auto read = parse_http_date(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::malformed);
  }
}

}  // namespace
}  // namespace sigstore::net
