#include "sigstore/oci/platform.h"

#include <gtest/gtest.h>

#include "sigstore/oci/manifest.h"

namespace sigstore::oci {
namespace {

Platform platform(std::string_view text) {
  const auto parsed = Platform::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Platform{});
}

// An index with one child for each platform; "" is a child that names none.
Index index_of(const std::vector<std::string>& platforms) {
  Index index;
  for (const std::string& text : platforms) {
    Descriptor child;
    child.digest = Digest::sha256(std::to_string(index.manifests.size()));
    if (!text.empty()) child.platform = platform(text);
    index.manifests.push_back(std::move(child));
  }
  return index;
}

// Which child was chosen, or -1.
int chosen(const Index& index, std::string_view wanted) {
  const auto found = select_platform(index, platform(wanted));
  if (!found) return -1;
  for (std::size_t i = 0; i < index.manifests.size(); ++i)
    if (index.manifests[i] == *found) return static_cast<int>(i);
  return -2;
}

TEST(Platform, IsTwoOrThreeWords) {
  EXPECT_EQ(platform("linux/arm/v7"), (Platform{"linux", "arm", "v7", {}}));
  EXPECT_EQ(platform("linux/amd64").text(), "linux/amd64");
  EXPECT_EQ(platform("linux/arm/v7").text(), "linux/arm/v7");
  for (const char* text : {"", "linux", "linux/", "/amd64", "linux/amd64/", "a/b/c/d", "linux/amd 64", "all"})
    EXPECT_EQ(Platform::parse(text).error().code, Code::malformed) << text;
}

TEST(Platform, TheFirstThatFitsIsChosen) {
  const Index index =
      index_of({"", "unknown/unknown", "linux/amd64", "linux/arm/v6", "linux/arm/v7", "linux/amd64"});
  EXPECT_EQ(chosen(index, "linux/amd64"), 2);
  EXPECT_EQ(chosen(index, "linux/arm"), 3);
  EXPECT_EQ(chosen(index, "linux/arm/v7"), 4);
  EXPECT_EQ(chosen(index, "linux/arm/v8"), -1);
  EXPECT_EQ(chosen(index, "windows/amd64"), -1);
}

TEST(Platform, NamesForTheSameThingAreEqual) {
  const Index index = index_of({"linux/amd64", "linux/arm64"});
  EXPECT_EQ(chosen(index, "linux/x86_64"), 0);
  EXPECT_EQ(chosen(index, "Linux/AMD64"), 0);
  EXPECT_EQ(chosen(index, "linux/aarch64"), 1);
  EXPECT_EQ(chosen(index, "linux/arm64/v8"), 1);
  EXPECT_EQ(chosen(index, "linux/arm64/v9"), -1);
  EXPECT_EQ(chosen(index_of({"linux/arm64/v8"}), "linux/arm64"), 0);
}

TEST(Platform, WhatIsThereIsListed) {
  const auto none = select_platform(index_of({"linux/amd64", "", "linux/arm/v7"}), platform("linux/s390x"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_EQ(none.error().text(), "the index has no image for linux/s390x: it has linux/amd64, linux/arm/v7");
  EXPECT_EQ(select_platform(index_of({""}), platform("linux/s390x")).error().cause, "it names no platforms");
  const auto many = select_platform(index_of(std::vector<std::string>(100, "a/b")), platform("linux/s390x"));
  EXPECT_TRUE(many.error().cause.ends_with(", …"));
  EXPECT_LT(many.error().cause.size(), 300U);
}

TEST(Platform, OfAConfiguration) {
  EXPECT_EQ(platform_of_config(R"({"os":"linux","architecture":"arm","variant":"v7","rootfs":{}})"),
            platform("linux/arm/v7"));
  EXPECT_EQ(platform_of_config(R"({"architecture":"","os":""})").error().code, Code::malformed);
  EXPECT_EQ(platform_of_config("{}").error().code, Code::malformed);
  EXPECT_EQ(platform_of_config("[]").error().code, Code::malformed);
  EXPECT_EQ(platform_of_config(R"({"os":1,"architecture":"x"})").error().code, Code::malformed);
}

}  // namespace
}  // namespace sigstore::oci
