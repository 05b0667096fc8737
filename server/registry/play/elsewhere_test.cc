#include "server/registry/play/elsewhere.h"

#include <gtest/gtest.h>

#include "server/registry/play/testing/played.h"

namespace server::registry::play::testing {
namespace {

struct ElsewhereTest : ::testing::Test {
  Played registry;
  const std::string image = registry.image("app", "layer");
  const std::string blob = "/v2/app/blobs/" + Digest::sha256("layer").text();
  void SetUp() override { registry.play({"redirect-blobs"}); }

  // Where the registry sends for the blob, as the other host sees it.
  std::string place() {
    const auto reply = registry.get(blob);
    EXPECT_EQ(reply.status, 307);
    const std::string location = reply.header("Location");
    EXPECT_TRUE(location.starts_with(registry.stage.elsewhere + "/")) << location;
    return location.substr(registry.stage.elsewhere.size());
  }
};

TEST_F(ElsewhereTest, ABlobIsThereUnderASignedAddress) {
  EXPECT_EQ(registry.elsewhere(place()).body, "layer");
  const auto part = registry.elsewhere(place(), {{"Range", "bytes=1-2"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "ay");
  EXPECT_EQ(registry.head(blob), 307);
}

TEST_F(ElsewhereTest, CredentialsAreRefused) {
  EXPECT_EQ(registry.elsewhere(place(), {{"Authorization", "Basic ZGV2OnM="}}).status, 400);
}

TEST_F(ElsewhereTest, AnAddressThatNobodySignedIsRefused) {
  const std::string good = place();
  for (const std::string& bad :
       {good.substr(0, good.find('?')), good + "0",
        "/storage/v2/app/blobs/" + Digest::sha256("{}").text() + good.substr(good.find('?')),
        std::string("/storage"), std::string("/storage?X-Signature=")})
    EXPECT_EQ(registry.elsewhere(bad).status, 403) << bad;
  EXPECT_EQ(registry.elsewhere("/v2/").status, 404);
}

TEST_F(ElsewhereTest, OnlyBlobsThatAreThereAreSentAway) {
  EXPECT_EQ(registry.get("/v2/app/blobs/" + Digest::sha256("x").text()).status, 404);
  EXPECT_EQ(registry.get("/v2/app/manifests/none").status, 404);
  EXPECT_EQ(registry.send("DELETE", blob).status, 202);
}

// A guard as the one of server/host, but for the tokens themselves.
host::Response guarded(const host::Request& request) {
  host::Response response{.status = request.target.starts_with("/token") ? 200 : 401};
  response.headers.set("WWW-Authenticate", request.headers->get("Basic")
                                               ? "Basic realm=\"registry\""
                                               : "Bearer realm=\"http://r.example/token\",service=\"s\"");
  return response;
}

TEST(TokenRealmElsewhere, TokensComeFromTheOtherHostAlone) {
  std::promise<host::Role> promise;
  const Stage stage{{}, "https://auth.example", "secret", promise.get_future().share()};
  promise.set_value(guarded);
  Played registry;
  const auto quirk = *find_quirks(std::vector<std::string>{"token-realm-elsewhere"});
  registry.role = play::play(guarded, quirk, stage);
  EXPECT_EQ(registry.get("/token?service=s").status, 200) << "it does not stand behind the guard";
  registry.role = play::play(guarded, quirk, stage, true);
  EXPECT_EQ(registry.get("/token?service=s").status, 404);
  EXPECT_EQ(registry.get("/v2/").header("WWW-Authenticate"),
            "Bearer realm=\"https://auth.example/token\",service=\"s\"");
  EXPECT_EQ(registry.get("/v2/", {{"Basic", "1"}}).header("WWW-Authenticate"), "Basic realm=\"registry\"");
  registry.role = elsewhere(stage);
  EXPECT_EQ(registry.get("/token?service=s").status, 200);
  EXPECT_EQ(registry.get("/v2/").status, 404);
}

}  // namespace
}  // namespace server::registry::play::testing
