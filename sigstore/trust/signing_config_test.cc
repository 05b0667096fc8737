#include "sigstore/trust/signing_config.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/proto_fields.h"

namespace sigstore::trust {
namespace {

namespace json = codec::json;
using Selector = ServiceConfiguration::Selector;

constexpr std::string_view whole =
    R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[{"url":"https://f",)"
    R"("majorApiVersion":1,"validFor":{"start":"2024-01-01T00:00:00Z"},"operator":"a<b>&"}],"rekorTlogUrls":[)"
    R"({"url":"https://r","majorApiVersion":2,"validFor":{"start":"2024-01-01T00:00:00Z",)"
    R"("end":"2025-01-01T00:00:00.120Z"},"operator":"a"}],"rekorTlogConfig":{"selector":"EXACT","count":2},)"
    R"("tsaUrls":[{"url":"https://r","validFor":{"start":"2024-01-01T00:00:00Z"},"operator":"a"}],)"
    R"("tsaConfig":{"selector":"ANY"}})";

std::string changed(std::string_view from, std::string_view to) {
  std::string text(whole);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

SigningConfig parsed(std::string_view text) {
  auto config = SigningConfig::parse(text, "config.json");
  EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().text());
  return config ? *config : SigningConfig();
}

Error refusal(std::string_view text) {
  const auto config = SigningConfig::parse(text, "config.json");
  EXPECT_FALSE(config.has_value()) << text;
  return config ? Error() : config.error();
}

Time at(std::string_view text) {
  return codec::proto_json::time_at(json::Object{{"t", text}}, "t").value();
}

TEST(SigningConfig, ReadsAndWritesWhatCosignWrites) {
  const auto config = parsed(whole);
  ASSERT_EQ(config.ca_urls.size(), 1U);
  EXPECT_EQ(config.ca_urls[0].url, "https://f");
  EXPECT_EQ(config.ca_urls[0].major_api_version, 1U);
  EXPECT_EQ(config.ca_urls[0].operator_name, "a<b>&");
  EXPECT_EQ(config.rekor_tlog_urls.at(0).valid.end, at("2025-01-01T00:00:00.12Z"));
  EXPECT_EQ(config.rekor_tlog_config, (ServiceConfiguration{Selector::exact, 2}));
  EXPECT_EQ(config.tsa_config, (ServiceConfiguration{Selector::any, 0}));
  EXPECT_EQ(config.tsa_urls.at(0).major_api_version, 0U);
  EXPECT_TRUE(config.oidc_urls.empty());
  EXPECT_EQ(config.write(), whole);
}

TEST(SigningConfig, WritesAnEmptyOneAsCosignDoes) {
  constexpr std::string_view empty =
      R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","rekorTlogConfig":{},"tsaConfig":{}})";
  EXPECT_EQ(SigningConfig().write(), empty);
  EXPECT_EQ(parsed(empty), SigningConfig());
}

TEST(SigningConfig, ReadsTheOtherSpellings) {
  const auto text =
      R"({"media_type":"application/vnd.dev.sigstore.signingconfig.v0.2+json","oidc_urls":[)"
      R"({"url":"https://o","major_api_version":"1","valid_for":{}}],"tsa_config":{"selector":1}})";
  const auto config = parsed(text);
  EXPECT_EQ(config.oidc_urls.at(0), (Service{"https://o", 1, {}, ""}));
  EXPECT_EQ(config.tsa_config.selector, Selector::all);
}

TEST(SigningConfig, RefusesOtherVersions) {
  const auto error = refusal(R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.1+json"})");
  EXPECT_EQ(error.code, Code::unsupported);
  EXPECT_EQ(error.message, "config.json is not a signing configuration that can be read");
  EXPECT_EQ(error.cause, R"(its mediaType is "application/vnd.dev.sigstore.signingconfig.v0.1+json")");
  EXPECT_EQ(error.hint, "a signing configuration says application/vnd.dev.sigstore.signingconfig.v0.2+json");
  EXPECT_EQ(refusal("{}").cause, "it has no mediaType");
  EXPECT_EQ(refusal(R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"})").code,
            Code::unsupported);
}

TEST(SigningConfig, RefusesWhatIsNotWellFormed) {
  struct Bad {
    std::string_view from, to, cause;
  };
  const Bad cases[] = {
      {R"("url":"https://f",)", "", "caUrls[0]: its url is missing"},
      {R"("majorApiVersion":1)", R"("majorApiVersion":-1)",
       "caUrls[0]: majorApiVersion is not an unsigned 32-bit integer"},
      {R"("majorApiVersion":1)", R"("majorApiVersion":4294967296)",
       "caUrls[0]: majorApiVersion is not an unsigned 32-bit integer"},
      {R"("end":"2025)", R"("end":"2023)", "rekorTlogUrls[0]: its validity ends before it starts"},
      {R"("ANY")", R"("SOME")", "tsaConfig: selector has an unknown value"},
      {R"("ANY")", "9", "tsaConfig: the selector 9 is not known"},
      {R"("operator":"a<b>&")", R"("operators":"a")", R"(caUrls[0] has an unknown member "operators")"},
      {R"("tsaConfig":)", R"("tsaConfigs":)", R"(it has an unknown member "tsaConfigs")"},
  };
  for (const auto& [from, to, cause] : cases) {
    const auto error = refusal(changed(from, to));
    EXPECT_EQ(error.code, Code::malformed) << to;
    EXPECT_EQ(error.message, "config.json is not a valid signing configuration") << to;
    EXPECT_EQ(error.cause, cause) << to;
  }
  EXPECT_EQ(refusal(changed(R"("operator":"a<b>&")", R"("operator":"a","operator":"a")")).message,
            "config.json is not valid JSON");
}

TEST(SigningConfig, BoundsItsServices) {
  std::string list;
  for (std::size_t i = 0; i <= limits::trusted_parties; ++i)
    list += std::string(i == 0 ? "" : ",") + R"({"url":"u"})";
  const auto error = refusal(
      R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[)" + list + "]}");
  EXPECT_EQ(error.code, Code::too_large);
  EXPECT_EQ(error.message, "config.json has too many caUrls");
}

// --- choosing

Service service(std::string url, std::uint32_t version, std::string_view start, std::string by,
                std::string_view end = "") {
  Service out{std::move(url), version, {at(start), std::nullopt}, std::move(by)};
  if (!end.empty()) out.valid.end = at(end);
  return out;
}

const std::vector<Service> listed = {service("old-a", 1, "2020-01-01T00:00:00Z", "a"),
                                     service("new-a", 1, "2023-01-01T00:00:00Z", "a"),
                                     service("b", 1, "2022-01-01T00:00:00Z", "b"),
                                     service("ended", 1, "2020-01-01T00:00:00Z", "c", "2021-01-01T00:00:00Z"),
                                     service("later", 1, "2030-01-01T00:00:00Z", "d"),
                                     service("second", 2, "2024-06-01T00:00:00Z", "a")};

std::vector<std::string> urls(const Result<std::vector<Service>>& chosen) {
  std::vector<std::string> out;
  EXPECT_TRUE(chosen.has_value()) << (chosen ? "" : chosen.error().text());
  if (chosen)
    for (const auto& each : *chosen) out.push_back(each.url);
  return out;
}

using Urls = std::vector<std::string>;
const Time spring = at("2024-03-01T00:00:00Z");
const Time autumn = at("2024-10-01T00:00:00Z");

TEST(ChooseServices, TakesTheNewestOfEachOperator) {
  EXPECT_EQ(urls(choose(listed, {Selector::all, 0}, {1}, spring)), (Urls{"new-a", "b"}));
  EXPECT_EQ(urls(choose(listed, {Selector::any, 0}, {1}, spring)), (Urls{"new-a"}));
  EXPECT_EQ(urls(choose(listed, {Selector::exact, 2}, {1}, spring)), (Urls{"new-a", "b"}));
  EXPECT_EQ(urls(choose(listed, {Selector::exact, 1}, {1}, spring)), (Urls{"new-a"}));
}

TEST(ChooseServices, TakesTheHighestVersionAlone) {
  EXPECT_EQ(urls(choose(listed, {Selector::all, 0}, {1, 2}, autumn)), (Urls{"second"}));
  EXPECT_EQ(urls(choose(listed, {Selector::all, 0}, {2, 1}, spring)), (Urls{"new-a", "b"}));
  EXPECT_EQ(choose(listed, {Selector::exact, 2}, {1, 2}, autumn).error().code, Code::not_found);
}

TEST(ChooseServices, CountsBothEndsOfTheTime) {
  EXPECT_EQ(urls(choose(listed, {Selector::all, 0}, {1}, at("2021-01-01T00:00:00Z"))),
            (Urls{"ended", "old-a"}));
  EXPECT_EQ(urls(choose(listed, {Selector::all, 0}, {1}, at("2021-01-01T00:00:00.000000001Z"))),
            (Urls{"old-a"}));
  EXPECT_EQ(urls(choose(listed, {Selector::any, 0}, {2}, at("2024-06-01T00:00:00Z"))), (Urls{"second"}));
}

TEST(ChooseServices, SaysWhyThereIsNone) {
  const auto none = choose({}, {Selector::any, 0}, {1}, spring).error();
  EXPECT_EQ(none.code, Code::not_found);
  EXPECT_EQ(none.cause, "it lists none");
  const auto other = choose(listed, {Selector::any, 0}, {4, 3}, spring).error();
  EXPECT_EQ(other.code, Code::not_found);
  EXPECT_EQ(other.cause, "of the 6 that it lists none is valid now and has an API version of 3, 4");
  const auto few = choose(listed, {Selector::exact, 3}, {1}, spring).error();
  EXPECT_EQ(few.code, Code::not_found);
  EXPECT_EQ(few.cause, "it asks for 3 operators and has 2");
  EXPECT_EQ(choose(listed, {Selector::exact, 0}, {1}, spring).error().code, Code::malformed);
  EXPECT_EQ(choose(listed, {Selector::undefined, 0}, {1}, spring).error().code, Code::malformed);
}

TEST(ChooseServices, ChoosesOne) {
  EXPECT_EQ(choose_one(listed, {1, 2}, autumn)->url, "second");
  EXPECT_EQ(choose_one(listed, {1}, spring)->url, "new-a");
  EXPECT_EQ(choose_one(listed, {9}, spring).error().code, Code::not_found);
  EXPECT_EQ(choose_one({Service{"open", 1, {}, ""}}, {1}, spring)->url, "open");
}

}  // namespace
}  // namespace sigstore::trust
