#include "server/registry/play/quirk.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "server/registry/play/testing/played.h"

namespace server::registry::play {
namespace {

using registry::testing::Driver;
using testing::Played;

TEST(Quirks, AreNamedOnceInKebabCaseAndExplained) {
  std::vector<std::string_view> names;
  for (const Quirk& quirk : quirks()) {
    EXPECT_EQ(quirk.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string_view::npos);
    EXPECT_FALSE(quirk.does.empty() || quirk.seen_at.empty()) << quirk.name;
    EXPECT_NE(quirk.around, nullptr) << quirk.name;
    names.push_back(quirk.name);
  }
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(Quirks, AnUnknownOneIsToldAllThereAre) {
  const auto found = find_quirks(std::vector<std::string>{"no-head", "no-tail"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, sigstore::Code::invalid_argument);
  EXPECT_EQ(found.error().message, "no quirk is called no-tail");
  for (const Quirk& quirk : quirks())
    EXPECT_NE(found.error().cause.find(quirk.name), std::string::npos) << quirk.name;
}

TEST(Quirks, TheSameTwiceIsPlayedOnce) {
  const auto found = find_quirks(std::vector<std::string>{"no-head", "no-delete", "no-head"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 2U);
}

// A registry with quirks is still a registry: what none of them forbids works.
TEST(Quirks, AnImageCanBePushedAndPulledUnderNearlyAll) {
  for (const Quirk& quirk : quirks()) {
    if (quirk.name == "always-busy") continue;
    Played registry;
    registry.image("app", "layer");  // the repository exists
    registry.push_manifest("app", "old", Driver::image_text("layer"));
    registry.play({std::string(quirk.name)});
    const std::string text = Driver::image_text("layer");
    int status = registry.push_manifest("app", "new", text).status;
    if (status == 429 || status == 500) status = registry.push_manifest("app", "new", text).status;
    // Its layer is none of an image.
    EXPECT_EQ(status / 100, quirk.name == "refuse-layer-types" ? 4 : 2) << quirk.name;
    auto got = registry.get("/v2/app/manifests/old");
    if (got.status == 429) got = registry.get("/v2/app/manifests/old");
    EXPECT_EQ(got.body, text) << quirk.name;
  }
}

TEST(Quirks, AreCombined) {
  Played registry;
  registry.play({"absent-403", "no-delete", "no-conditions"});
  EXPECT_EQ(registry.get("/v2/app/manifests/a").status, 403);
  EXPECT_EQ(registry.send("DELETE", "/v2/app/manifests/a").status, 405);
}

}  // namespace
}  // namespace server::registry::play
