#include "cosign/options/service_spec.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::Code;

const SpecGrammar grammar{"--log", {"url", "start-time"}, {"end-time"}, "url=U,start-time=T"};

sigstore::Error refusal(const std::string& text) {
  const auto spec = ServiceSpec::parse(grammar, text);
  EXPECT_FALSE(spec.has_value()) << text;
  return spec ? sigstore::Error() : spec.error();
}

TEST(ServiceSpec, ReadsPairs) {
  const auto spec =
      ServiceSpec::parse(grammar, " url = https://x?a=b , start-time=2024-01-01T01:00:00+01:00,end-time=")
          .value();
  EXPECT_EQ(spec.text("url"), "https://x?a=b");
  EXPECT_EQ(spec.time("start-time").value(), sigstore::Time(std::chrono::seconds(1704067200)));
  EXPECT_EQ(spec.time("end-time").value(), std::nullopt);
  EXPECT_EQ(spec.text("nothing"), "");
}

TEST(ServiceSpec, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "\"\" is not KEY=VALUE"},           {"url", "\"url\" is not KEY=VALUE"},
      {"url=a,", "\"\" is not KEY=VALUE"},     {"url=a,starttime=b", "it knows no \"starttime\""},
      {"url=a,url=b", "it has \"url\" twice"},
  };
  for (const auto& [text, cause] : cases) {
    const auto error = refusal(text);
    EXPECT_EQ(error.code, Code::invalid_argument);
    EXPECT_EQ(error.message, "--log cannot be read") << text;
    EXPECT_EQ(error.cause, cause) << text;
    EXPECT_EQ(error.hint, "--log \"url=U,start-time=T\"");
  }
  EXPECT_EQ(refusal("url=a").message, "--log lacks start-time");
  EXPECT_EQ(refusal("url=a,start-time= ").message, "--log lacks start-time");
  EXPECT_EQ(refusal("url=,start-time=a").cause, "it is \"url=,start-time=a\"");
}

TEST(ServiceSpec, RefusesWhatIsNoTime) {
  for (const char* time : {"today", "2024-01-01", "2024-13-01T00:00:00Z", "2024-01-01T00:00:00"}) {
    const auto spec = ServiceSpec::parse(grammar, std::string("url=a,start-time=") + time).value();
    ASSERT_FALSE(spec.time("start-time").has_value()) << time;
    EXPECT_EQ(spec.time("start-time").error().message, "--log: start-time is no time");
  }
}

TEST(ServiceSpec, TakesTimesWithoutAnEnd) {
  EXPECT_EQ(parse_flag_time("x", "9999-12-31T23:59:59Z").value(), sigstore::Time::max());
}

}  // namespace
}  // namespace cosign
