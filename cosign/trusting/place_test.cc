#include "cosign/trusting/place.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace cosign {
namespace {

using sigstore::Code;

class TrustPlace : public ::testing::Test {
 protected:
  sigstore::fakes::FakeEnv fake_;
  void set(const std::string& name, const std::string& value) { fake_.variables.values[name] = value; }
  sigstore::trust_cache::Place place() {
    const auto place = trust_place(fake_.env());
    EXPECT_TRUE(place) << place.error().text();
    return place.value_or(sigstore::trust_cache::Place{});
  }
};

TEST_F(TrustPlace, ThePublicSigstoreNeedsNothing) {
  set("HOME", "/home/a");
  EXPECT_EQ(place().folder, "/home/a/.sigstore/root");
  EXPECT_EQ(place().mirror, public_mirror);
  EXPECT_EQ(place().root, built_in_root(public_mirror));
  EXPECT_TRUE(place().root.starts_with("{"));
  EXPECT_NE(built_in_root(public_mirror), built_in_root(staging_mirror));
}

TEST_F(TrustPlace, WithoutAHomeNothingIsKept) {
  EXPECT_EQ(place().folder, "");
  EXPECT_EQ(place().nowhere, "neither TUF_ROOT nor HOME names a folder");
}

TEST_F(TrustPlace, InitializeHasChosenTheMirror) {
  set("TUF_ROOT", "/cache/");
  fake_.files.put("/cache/remote.json", R"({"mirror":"https://tuf.test/x"})");
  EXPECT_EQ(place().folder, "/cache");
  EXPECT_EQ(place().mirror, "https://tuf.test/x");
  EXPECT_EQ(place().root, "") << "it is in the folder";
}

TEST_F(TrustPlace, AnInitializeThatWasKilledHasChosenItToo) {
  set("TUF_ROOT", "/cache");
  fake_.files.put("/cache/remote.json", R"({"mirror":"https://old.test"})");
  const std::string remote = R"({"mirror":"https://new.test"})";
  const std::string log = "cosign-cpp trust cache 1\nwrite 5 new.test/root.json\nfirst\nwrite " +
                          std::to_string(remote.size()) + " remote.json\n" + remote + "\n";
  fake_.files.put("/cache/UNFINISHED", log);
  EXPECT_EQ(place().mirror, "https://old.test") << "it has no end: it was never committed";
  fake_.files.put("/cache/UNFINISHED", log + "end\n");
  EXPECT_EQ(place().mirror, "https://new.test");
  EXPECT_EQ(kept_root(fake_.env(), "/cache", "https://new.test"), "first");
  EXPECT_EQ(kept_root(fake_.env(), "/cache", "https://old.test"), "");
  set("SIGSTORE_NO_CACHE", "1");
  EXPECT_EQ(place().root, "first");
}

TEST_F(TrustPlace, AVariableGoesBeforeIt) {
  set("TUF_ROOT", "/cache");
  fake_.files.put("/cache/remote.json", R"({"mirror":"https://tuf.test"})");
  fake_.files.put("root.json", "a root");
  set("TUF_MIRROR", "https://other.test");
  EXPECT_EQ(place().mirror, "https://other.test");
  EXPECT_FALSE(place().root_is_named);
  set("TUF_ROOT_JSON", "root.json");
  EXPECT_EQ(place().root, "a root");
  EXPECT_TRUE(place().root_is_named);
  set("TUF_MIRROR", std::string(public_mirror));
  EXPECT_EQ(place().root, built_in_root(public_mirror)) << "as real cosign has it";
}

TEST_F(TrustPlace, NothingIsKeptWhereThatIsAskedFor) {
  set("TUF_ROOT", "/cache");
  set("SIGSTORE_NO_CACHE", "true");
  fake_.files.put("/cache/remote.json", R"({"mirror":"https://tuf.test"})");
  fake_.files.put("/cache/tuf.test/root.json", "a root");
  EXPECT_EQ(place().folder, "");
  EXPECT_EQ(place().nowhere, "") << "that is as it should be";
  EXPECT_EQ(place().mirror, "https://tuf.test");
  EXPECT_EQ(place().root, "a root") << "what initialize has chosen counts all the same";
  set("SIGSTORE_NO_CACHE", "false");
  EXPECT_EQ(place().folder, "/cache");
}

TEST_F(TrustPlace, WhatNamesNothingIsRefused) {
  set("TUF_ROOT", "/cache");
  for (const char* text : {"", "{}", "[]", R"({"mirror":""})", R"({"mirror":1})"}) {
    fake_.files.put("/cache/remote.json", text);
    const auto place = trust_place(fake_.env());
    ASSERT_FALSE(place) << text;
    EXPECT_EQ(place.error().code, Code::malformed) << text;
  }
  set("TUF_MIRROR", "https://tuf.test");
  set("TUF_ROOT_JSON", "nowhere.json");
  EXPECT_EQ(trust_place(fake_.env()).error().message, "what TUF_ROOT_JSON names cannot be read");
}

TEST_F(TrustPlace, AVariableThatIsNoMirror) {
  for (const char* text : {"ftp://tuf.test", "HTTPS://tuf.test", "tuf.test:443", "file://x"}) {
    set("TUF_MIRROR", text);
    ASSERT_FALSE(trust_place(fake_.env())) << text;
    EXPECT_EQ(trust_place(fake_.env()).error().message, std::string("TUF_MIRROR ") + text + " is no mirror");
  }
  fake_.files.put("tuf.test:443", "a file after all");
  set("TUF_MIRROR", "tuf.test:443");
  EXPECT_TRUE(place().mirror.ends_with("/tuf.test:443"));
}

TEST(MirrorName, APathIsAbsolute) {
  EXPECT_EQ(mirror_name("/a/b/"), "/a/b");
  EXPECT_EQ(mirror_name("file:///a/../b"), "file:///a/../b") << "as it was typed";
  EXPECT_EQ(mirror_path("file:///a/../b"), "/b");
  EXPECT_EQ(mirror_path("/a/b"), "/a/b");
  EXPECT_TRUE(mirror_name("m.tar").starts_with("/"));
  EXPECT_EQ(mirror_name("https://a.test/x/"), "https://a.test/x/");
}

}  // namespace
}  // namespace cosign
