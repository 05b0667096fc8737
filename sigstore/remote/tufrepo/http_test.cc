#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/testing/scripted_transport.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using net::testing::ScriptedTransport;

struct HttpTufRepository : ::testing::Test {
  fakes::FakeEnv fake;
  ScriptedTransport transport;
  std::string metadata_url = "https://t.example/repo", targets_url = "https://t.example/repo/targets/";

  std::unique_ptr<tuf::Repository> repository() {
    return make_http_tufrepo(fake.env(), net::testing::lend(transport),
                             {*net::Url::parse(metadata_url), *net::Url::parse(targets_url)});
  }
  Result<std::string> metadata(const std::string& file, std::size_t max = 100) {
    return repository()->metadata(file, max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max = 100) {
    return repository()->target(path, max);
  }
  Error refused(const std::string& file) {
    const auto result = metadata(file);
    EXPECT_FALSE(result);
    return result ? Error{} : result.error();
  }
};

TEST_F(HttpTufRepository, AsksForMetadataAndTargetsBelowTheirPlaces) {
  transport.on("GET https://t.example/repo/5.root.json", answer(200, {}, "root"));
  transport.on("GET https://t.example/repo/targets/dir/ab.name", answer(200, {}, "content"));
  EXPECT_EQ(metadata("5.root.json"), "root");
  EXPECT_EQ(target("dir/ab.name"), "content");
  for (const auto& request : transport.requests()) EXPECT_TRUE(request.headers.list().empty());
}

TEST_F(HttpTufRepository, AnEncodedRoleIsNotEncodedAgain) {
  transport.on("GET https://t.example/repo/1.role%2Fa.json", answer(200, {}, "role"));
  EXPECT_EQ(metadata("1.role%2Fa.json"), "role");
}

TEST_F(HttpTufRepository, WhatNoPathMayHoldIsEncodedInTargets) {
  transport.on("GET https://t.example/repo/targets/a%20b/100%25?*", answer(200, {}, "a query"));
  transport.on("GET https://t.example/repo/targets/a%20b/100%25%3F%23x", answer(200, {}, "no query"));
  transport.on("GET https://t.example/repo/targets/a+b=c@d:e", answer(200, {}, "plain"));
  transport.on("GET https://t.example/repo/targets/%C3%BC", answer(200, {}, "utf-8"));
  EXPECT_EQ(target("a b/100%?#x"), "no query");
  EXPECT_EQ(target("a+b=c@d:e"), "plain");
  EXPECT_EQ(target("ü"), "utf-8");
}

TEST_F(HttpTufRepository, AQueryOfTheMirrorGoesAlongAndIsNotShown) {
  metadata_url = "https://t.example/repo?token=secret";
  transport.on("GET https://t.example/repo/timestamp.json?token=secret", answer(404));
  const Error error = refused("timestamp.json");
  EXPECT_EQ(error.code, Code::not_found);
  EXPECT_EQ(error.message, "there is no https://t.example/repo/timestamp.json");
}

TEST_F(HttpTufRepository, ForbiddenAndMissingAreBothNotThere) {
  for (const int status : {403, 404}) {
    transport.on("GET https://t.example/repo/6.root.json", answer(status, {}, "<html>"));
    const Error error = refused("6.root.json");
    EXPECT_EQ(error.code, Code::not_found);
    EXPECT_TRUE(error.cause.starts_with("HTTP 40")) << error.cause;
  }
  transport.on("GET https://t.example/repo/targets/x", answer(404));
  EXPECT_EQ(target("x").error().code, Code::not_found);
}

TEST_F(HttpTufRepository, OtherAnswersAreErrorsOfTheirOwn) {
  const std::pair<int, Code> cases[] = {{204, Code::unsupported},  {206, Code::unsupported},
                                        {304, Code::malformed},    {400, Code::unsupported},
                                        {401, Code::unauthorized}, {410, Code::unsupported}};
  for (const auto& [status, code] : cases) {
    transport.on("GET https://t.example/repo/1.root.json", answer(status));
    EXPECT_EQ(metadata("1.root.json").error().code, code) << status;
    transport.forget();
  }
  EXPECT_TRUE(fake.clock.sleeps().empty());
}

TEST_F(HttpTufRepository, AFailureIsTriedAgainAFewTimes) {
  transport.on("GET https://t.example/repo/timestamp.json", answer(503));
  transport.on("GET https://t.example/repo/timestamp.json", answer(200, {}, "now"));
  EXPECT_EQ(metadata("timestamp.json"), "now");
  transport.on("GET https://t.example/repo/snapshot.json", answer(500));
  EXPECT_EQ(refused("snapshot.json").code, Code::unavailable);
  EXPECT_EQ(transport.count("GET https://t.example/repo/snapshot.json"), std::size_t(limits::service_tries));
}

TEST_F(HttpTufRepository, NobodyThereIsSaidSo) {
  const Error error = refused("timestamp.json");
  EXPECT_EQ(error.code, Code::unreachable);
  EXPECT_EQ(error.message, "cannot fetch https://t.example/repo/timestamp.json");
}

TEST_F(HttpTufRepository, WhatIsTooLargeIsNotTaken) {
  transport.on("GET https://t.example/repo/timestamp.json", answer(200, {}, std::string(101, 'x')));
  transport.on("GET https://t.example/repo/targets/x", answer(200, {}, std::string(101, 'x')));
  const Error error = refused("timestamp.json");
  EXPECT_EQ(error.code, Code::too_large);
  EXPECT_EQ(error.text(), "https://t.example/repo/timestamp.json is too large: more than 100 bytes");
  EXPECT_EQ(target("x").error().code, Code::too_large);
}

TEST_F(HttpTufRepository, RedirectsAreFollowed) {
  transport.on("GET https://t.example/repo/timestamp.json", answer(302, {{"Location", "/else/t.json"}}));
  transport.on("GET https://t.example/else/t.json", answer(307, {{"Location", "https://cdn.example/t"}}));
  transport.on("GET https://cdn.example/t", answer(200, {}, "now"));
  EXPECT_EQ(metadata("timestamp.json"), "now");
}

// Object storage behind the name of a server.
TEST_F(HttpTufRepository, RedirectsOfPlainHttpToAnotherHostAreFollowed) {
  metadata_url = "http://t.example/repo";
  transport.on("GET http://t.example/repo/a.json",
               answer(302, {{"Location", "http://store.example:9000/a"}}));
  transport.on("GET http://store.example:9000/a", answer(301, {{"Location", "https://cdn.example/a"}}));
  transport.on("GET https://cdn.example/a", answer(200, {}, "now"));
  EXPECT_EQ(metadata("a.json"), "now");
  for (const auto& request : transport.requests()) EXPECT_TRUE(request.headers.list().empty());
  transport.on("GET http://t.example/repo/b.json", answer(302, {{"Location", "https://cdn.example/b"}}));
  transport.on("GET https://cdn.example/b", answer(302, {{"Location", "http://store.example:9000/a"}}));
  EXPECT_EQ(refused("b.json").code, Code::malformed) << "back from https";
  for (const char* place : {"ftp://t.example/x", "file:///x", "//"}) {
    transport.on("GET http://t.example/repo/c.json", answer(301, {{"Location", place}}));
    EXPECT_EQ(refused("c.json").code, Code::malformed) << place;
  }
}

TEST_F(HttpTufRepository, RedirectsFromHttpsToPlainHttpAreNot) {
  for (const char* place : {"http://t.example/x", "http://other.example/x", "ftp://t.example/x", "//"}) {
    transport.on("GET https://t.example/repo/timestamp.json", answer(301, {{"Location", place}}));
    EXPECT_EQ(refused("timestamp.json").code, Code::malformed) << place;
  }
  metadata_url = "http://t.example/repo";
  transport.on("GET http://t.example/repo/b.json", answer(301, {{"Location", "/x?y=secret"}}));
  transport.on("GET http://t.example/x?y=secret", answer(301));
  EXPECT_EQ(refused("b.json").text(), "http://t.example/x sends us elsewhere: HTTP 301");
}

TEST_F(HttpTufRepository, ACircleOfRedirectsEnds) {
  transport.on("GET https://t.example/repo/timestamp.json", answer(302, {{"Location", "timestamp.json"}}));
  EXPECT_EQ(refused("timestamp.json").code, Code::malformed);
  EXPECT_EQ(transport.log().size(), std::size_t(limits::redirects) + 1);
}

// Of a role "../up", where snapshots are not consistent.
TEST_F(HttpTufRepository, ANameMayBeginWithDots) {
  transport.on("GET https://t.example/repo/..%2Fup.json", answer(200, {}, "role"));
  EXPECT_EQ(metadata("..%2Fup.json"), "role");
}

TEST_F(HttpTufRepository, NamesThatAreNoneAreNotAskedFor) {
  for (const char* file : {"", "..", "../x.json", "a/b.json", "a b.json", "a?b.json", "a\nb.json", "ü.json"})
    EXPECT_EQ(refused(file).code, Code::malformed) << file;
  for (const char* path : {"", "/x", "x/", "a//b", "../x", "a/../b", ".", "a/.", "a\nb", "a\x7f"})
    EXPECT_EQ(target(path).error().code, Code::malformed) << path;
  EXPECT_TRUE(transport.log().empty());
}

}  // namespace
}  // namespace sigstore::remote
