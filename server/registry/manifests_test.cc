#include <gtest/gtest.h>

#include <thread>

#include "server/registry/testing/driver.h"

namespace server::registry {
namespace {

using namespace testing;

struct Manifests : ::testing::Test {
  Driver registry;
  const std::string text = registry.image("app", "layer");
  const std::string digest = Digest::sha256(text).text();
  const std::string by_digest = "/v2/app/manifests/" + digest;
  const std::string by_tag = "/v2/app/manifests/latest";
};

TEST_F(Manifests, WhatIsPutUnderATagIsThereUnderItAndUnderItsDigest) {
  const auto put = registry.push_manifest("app", "latest", text);
  EXPECT_EQ(put.status, 201);
  EXPECT_EQ(put.header("Location"), by_digest);
  EXPECT_EQ(put.header("Docker-Content-Digest"), digest);
  EXPECT_EQ(put.header("OCI-Subject"), "");
  for (const auto& target : {by_tag, by_digest}) {
    const auto got = registry.get(target);
    EXPECT_EQ(got.status, 200) << target;
    EXPECT_EQ(got.body, text);
    EXPECT_EQ(got.header("Content-Type"), media_type::oci_manifest);
    EXPECT_EQ(got.header("Docker-Content-Digest"), digest);
  }
}

TEST_F(Manifests, HeadSaysWhatGetSays) {
  registry.push_manifest("app", "latest", text);
  const auto head = registry.send("HEAD", by_tag), get = registry.get(by_tag);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.list(), get.headers.list());
  EXPECT_EQ(head.size, text.size());
  EXPECT_EQ(registry.send("HEAD", "/v2/app/manifests/none").status, 404);
}

TEST_F(Manifests, AnotherAlgorithmIsAsGood) {
  const std::string sha512 = sha512_of(text);
  EXPECT_EQ(registry.push_manifest("app", sha512, text).status, 201);
  EXPECT_EQ(registry.get("/v2/app/manifests/" + sha512).body, text);
}

TEST_F(Manifests, WhatIsNotThereSaysWhichIsMissing) {
  EXPECT_EQ(registry.get("/v2/app/manifests/none").error(), "MANIFEST_UNKNOWN");
  EXPECT_EQ(registry.get("/v2/other/manifests/none").error(), "NAME_UNKNOWN");
  EXPECT_EQ(registry.get("/v2/app/manifests/none").status, 404);
  EXPECT_EQ(registry.get("/v2/other/manifests/none").status, 404);
}

TEST_F(Manifests, AWrongDigestIsRefusedAndNothingIsKept) {
  const std::string other = Digest::sha256("other").text();
  const auto put = registry.push_manifest("app", other, text);
  EXPECT_EQ(put.status, 400);
  EXPECT_EQ(put.error(), "DIGEST_INVALID");
  EXPECT_EQ(registry.get("/v2/app/manifests/" + other).status, 404);
  EXPECT_EQ(registry.get(by_digest).status, 404);
}

TEST_F(Manifests, WhatIsNoTagAndNoDigestIsRefused) {
  EXPECT_EQ(registry.push_manifest("app", "-x", text).error(), "TAG_INVALID");
  EXPECT_EQ(registry.push_manifest("app", std::string(129, 'x'), text).error(), "TAG_INVALID");
  EXPECT_EQ(registry.push_manifest("app", "sha256:xyz", text).error(), "DIGEST_INVALID");
}

TEST_F(Manifests, EveryBlobThatItNamesMustBeThere) {
  const auto put = registry.push_manifest("app", "latest", Driver::image_text("not pushed"));
  EXPECT_EQ(put.status, 404);
  EXPECT_EQ(put.error(), "MANIFEST_BLOB_UNKNOWN");
  registry.push_blob("elsewhere", "not pushed");
  EXPECT_EQ(registry.push_manifest("app", "latest", Driver::image_text("not pushed")).status, 404)
      << "there, but in another repository";
}

TEST_F(Manifests, EachBlobThatIsMissingIsNamed) {
  const std::string missing = Driver::image_text(
      "", {{"layers", json::Array{Driver::descriptor("t", "one"), Driver::descriptor("t", "layer"),
                                  Driver::descriptor("t", "two")}}});
  const json::Value document = registry.push_manifest("app", "latest", missing).document();
  const json::Array& errors = *document.get("errors")->array();
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(*errors[0].get("code")->string(), "MANIFEST_BLOB_UNKNOWN");
  EXPECT_EQ(*errors[0].get("detail")->string(), Digest::sha256("one").text());
  EXPECT_EQ(*errors[1].get("detail")->string(), Digest::sha256("two").text());
}

TEST_F(Manifests, AnIndexMayComeBeforeItsChildren) {
  const std::string index = Driver::index_text({text, Driver::image_text("never pushed")});
  EXPECT_EQ(registry.push_manifest("app", "all", index, {}, media_type::oci_index).status, 201);
  EXPECT_EQ(registry.get("/v2/app/manifests/all").body, index);
}

TEST_F(Manifests, ASizeThatIsNotThatOfTheContentIsRefused) {
  json::Value liar = Driver::descriptor("t", "layer");
  liar.object()->set("size", 4);
  const auto put =
      registry.push_manifest("app", "latest", Driver::image_text("", {{"layers", json::Array{liar}}}));
  EXPECT_EQ(put.status, 400);
  EXPECT_EQ(put.error(), "MANIFEST_INVALID");
  registry.push_manifest("app", digest, text);
  liar = Driver::descriptor(media_type::oci_manifest, text);
  liar.object()->set("size", 4);
  const std::string index = json::write(json::Object{{"schemaVersion", 2}, {"manifests", json::Array{liar}}});
  EXPECT_EQ(registry.push_manifest("app", "all", index, {}, media_type::oci_index).error(),
            "MANIFEST_INVALID");
  EXPECT_EQ(registry.get("/v2/app/manifests/all").status, 404);
}

TEST(Sparse, AManifestMayComeBeforeItsBlobs) {
  Driver registry{{.sparse = true}};
  const std::string text = Driver::image_text("not there");
  EXPECT_EQ(registry.push_manifest("app", "latest", text).status, 201);
  EXPECT_EQ(registry.get("/v2/app/manifests/latest").body, text);
}

TEST_F(Manifests, WhatIsAcceptedIsOfNoMatter) {
  registry.push_manifest("app", "latest", text);
  for (const char* accept :
       {"", "*/*", "application/vnd.docker.distribution.manifest.v2+json", "text/html"}) {
    const auto got = registry.get(by_tag, {{"Accept", accept}});
    EXPECT_EQ(got.status, 200) << accept;
    EXPECT_EQ(got.body, text) << "as it was stored";
    EXPECT_EQ(got.header("Content-Type"), media_type::oci_manifest);
  }
}

TEST_F(Manifests, AnIndexOfWhatIsThereIsTaken) {
  registry.push_manifest("app", digest, text);
  const std::string index = Driver::index_text({text});
  EXPECT_EQ(registry.push_manifest("app", "all", index, {}, media_type::oci_index).status, 201);
  EXPECT_EQ(registry.get("/v2/app/manifests/all").header("Content-Type"), media_type::oci_index);
}

TEST_F(Manifests, ALayerFromElsewhereNeedNotBeThere) {
  json::Value foreign =
      Driver::descriptor("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "windows");
  foreign.object()->set("urls", json::Array{"https://example.com/layer"});
  EXPECT_EQ(
      registry.push_manifest("app", "latest", Driver::image_text("", {{"layers", json::Array{foreign}}}))
          .status,
      201);
}

TEST_F(Manifests, WhatIsNoManifestIsRefused) {
  for (const char* bad : {"", "{", "[]", "null", R"({"schemaVersion":2,"layers":5})"})
    EXPECT_EQ(registry.push_manifest("app", "latest", bad).status, 400) << bad;
  EXPECT_EQ(registry.push_manifest("app", "latest", text, {}, "text/plain").error(), "MANIFEST_INVALID");
  EXPECT_EQ(registry.push_manifest("app", "latest", text, {}, media_type::docker_manifest).error(),
            "MANIFEST_INVALID")
      << "its mediaType says OCI";
  EXPECT_EQ(
      registry.push_manifest("app", "latest", std::string(sigstore::limits::manifest_bytes + 1, ' ')).status,
      413);
  EXPECT_EQ(registry.get(by_tag).status, 404);
}

TEST_F(Manifests, ABodyThatBreaksOffIsNothing) {
  const Headers headers{{"Content-Type", std::string(media_type::oci_manifest)}};
  EXPECT_EQ(registry.send("PUT", by_tag, Body(text, sigstore::Code::unreachable), headers).status, 400);
  EXPECT_EQ(registry.send("PUT", by_tag, Body(text, sigstore::Code::timeout), headers).status, 408);
  EXPECT_EQ(registry.get(by_tag).status, 404);
}

TEST_F(Manifests, WhoHasItAlreadyIsToldSo) {
  registry.push_manifest("app", "latest", text);
  const auto got = registry.get(by_tag, {{"If-None-Match", "\"" + digest + "\""}});
  EXPECT_EQ(got.status, 304);
  EXPECT_EQ(got.body, "");
  EXPECT_EQ(got.header("ETag"), "\"" + digest + "\"");
  EXPECT_EQ(registry.get(by_tag, {{"If-Match", "\"x\""}}).status, 412);
  EXPECT_EQ(registry.get(by_tag, {{"If-Match", "\"" + digest + "\""}}).status, 200);
}

TEST_F(Manifests, ATagMovesAndWhatItNamedStays) {
  registry.push_manifest("app", "latest", text);
  const std::string second = registry.image("app", "second");
  EXPECT_EQ(registry.push_manifest("app", "latest", second).status, 201);
  EXPECT_EQ(registry.get(by_tag).body, second);
  EXPECT_EQ(registry.get(by_digest).body, text);
}

TEST_F(Manifests, DeletingATagLeavesTheManifest) {
  registry.push_manifest("app", "latest", text);
  EXPECT_EQ(registry.send("DELETE", by_tag).status, 202);
  EXPECT_EQ(registry.get(by_tag).status, 404);
  EXPECT_EQ(registry.get(by_digest).status, 200);
  EXPECT_EQ(registry.send("DELETE", by_tag).status, 404);
}

TEST_F(Manifests, DeletingADigestTakesItsTagsAlong) {
  registry.push_manifest("app", "latest", text);
  EXPECT_EQ(registry.send("DELETE", by_digest).status, 202);
  EXPECT_EQ(registry.get(by_tag).status, 404);
  EXPECT_EQ(registry.get(by_digest).status, 404);
}

// --- distribution-spec, end-7b: PUT of a digest with tags

TEST_F(Manifests, TagsThatFollowTheDigestAllNameIt) {
  const auto put = registry.push_manifest("app", digest + "?tag=1.2.3&tag=1.2&tag=1&tag=latest", text);
  EXPECT_EQ(put.status, 201);
  EXPECT_EQ(put.headers.all("OCI-Tag"), (std::vector<std::string>{"1.2.3", "1.2", "1", "latest"}));
  EXPECT_EQ(put.header("Location"), by_digest);
  for (const char* tag : {"1.2.3", "1.2", "1", "latest"})
    EXPECT_EQ(registry.get(std::string("/v2/app/manifests/") + tag).body, text);
}

TEST_F(Manifests, TagsFollowADigestOfAnotherAlgorithmToo) {
  const std::string sha512 = sha512_of(text);
  EXPECT_EQ(registry.push_manifest("app", sha512 + "?tag=long", text).header("OCI-Tag"), "long");
  EXPECT_EQ(registry.get("/v2/app/manifests/long").header("Docker-Content-Digest"), sha512);
}

TEST_F(Manifests, OneBadTagAndNoneIsThere) {
  EXPECT_EQ(registry.push_manifest("app", digest + "?tag=good&tag=-bad", text).error(), "TAG_INVALID");
  EXPECT_EQ(registry.get("/v2/app/manifests/good").status, 404);
  EXPECT_EQ(registry.get(by_digest).status, 404);
}

TEST_F(Manifests, TooManyTagsAreRefused) {
  std::string target = digest + "?";
  for (std::size_t i = 0; i <= sigstore::limits::tags_per_push; ++i)
    target += "tag=t" + std::to_string(i) + "&";
  EXPECT_EQ(registry.push_manifest("app", target, text).status, 414);
}

TEST_F(Manifests, TagsBehindATagAreNone) {
  const auto put = registry.push_manifest("app", "latest?tag=other", text);
  EXPECT_EQ(put.status, 201);
  EXPECT_EQ(put.header("OCI-Tag"), "");
  EXPECT_EQ(registry.get("/v2/app/manifests/other").status, 404);
}

TEST_F(Manifests, OtherMethodsAreRefused) {
  EXPECT_EQ(registry.send("POST", by_tag).status, 405);
  EXPECT_EQ(registry.send("PATCH", by_tag).error(), "UNSUPPORTED");
}

// --- conditions (RFC 9110, section 13.1)

struct Conditions : Manifests {
  const std::string second = registry.image("app", "second");
  std::string etag() { return registry.get(by_tag).header("ETag"); }
  int put(const std::string& name, const std::string& value) {
    return registry.push_manifest("app", "latest", second, {{name, value}}).status;
  }
};

TEST_F(Conditions, AreAdvertised) {
  EXPECT_EQ(registry.push_manifest("app", "latest", text).header("Cosign-Registry"), "conditional");
  EXPECT_EQ(registry.get(by_tag).header("Cosign-Registry"), "conditional");
  EXPECT_EQ(etag(), "\"" + digest + "\"");
}

TEST_F(Conditions, IfNoneMatchOfAnythingWantsNothingThere) {
  EXPECT_EQ(put("If-None-Match", "*"), 201);
  EXPECT_EQ(put("If-None-Match", "*"), 412);
}

TEST_F(Conditions, IfMatchWantsWhatIsThere) {
  EXPECT_EQ(put("If-Match", "*"), 412) << "nothing there";
  registry.push_manifest("app", "latest", text);
  const std::string before = etag();
  EXPECT_EQ(put("If-Match", "\"sha256:other\""), 412);
  EXPECT_EQ(put("If-Match", "W/" + before), 412) << "a weak tag matches nothing";
  EXPECT_EQ(registry.get(by_tag).body, text) << "and nothing has changed";
  EXPECT_EQ(put("If-Match", "\"x\", " + before), 201);
  EXPECT_EQ(put("If-Match", before), 412) << "not any more";
}

TEST_F(Conditions, HoldForADeletionToo) {
  registry.push_manifest("app", "latest", text);
  const std::string before = etag();
  EXPECT_EQ(registry.send("DELETE", by_tag, "", {{"If-Match", "\"x\""}}).status, 412);
  EXPECT_EQ(etag(), before);
  EXPECT_EQ(registry.send("DELETE", by_tag, "", {{"If-Match", before}}).status, 202);
  EXPECT_EQ(registry.send("DELETE", by_tag, "", {{"If-Match", before}}).status, 404);
  EXPECT_EQ(registry.send("DELETE", by_digest, "", {{"If-None-Match", before}}).status, 412);
}

TEST_F(Conditions, OfADigestWithTagsAreAboutTheDigest) {
  const std::string target = digest + "?tag=latest";
  EXPECT_EQ(registry.push_manifest("app", target, text, {{"If-None-Match", "*"}}).status, 201);
  EXPECT_EQ(registry.push_manifest("app", target, text, {{"If-None-Match", "*"}}).status, 412);
}

TEST_F(Conditions, ARefusalIsAnErrorOfTheSpecification) {
  const auto refused = registry.push_manifest("app", "latest", text, {{"If-Match", "\"x\""}});
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(refused.error(), "DENIED");
}

TEST_F(Conditions, LetNoUpdateBeLost) {
  constexpr int writers = 8, rounds = 20;
  std::vector<std::string> layers;
  for (int i = 0; i < writers * rounds; ++i) layers.push_back(std::to_string(i));
  for (const auto& layer : layers) registry.push_blob("app", layer);
  registry.push_manifest("app", "latest", text);
  const auto add = [&](const std::string& layer) {
    for (;;) {
      const auto current = registry.get(by_tag);
      json::Value manifest = current.document();
      manifest.object()->find("layers")->array()->push_back(
          Driver::descriptor("application/octet-stream", layer));
      const auto put = registry.push_manifest("app", "latest", json::write(manifest),
                                              {{"If-Match", current.header("ETag")}});
      if (put.status == 201) return;
      EXPECT_EQ(put.status, 412);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < writers; ++i)
      threads.emplace_back([&, i] {
        for (int n = 0; n < rounds; ++n) add(layers[static_cast<std::size_t>(i * rounds + n)]);
      });
  }
  EXPECT_EQ(registry.get(by_tag).document().get("layers")->array()->size(), layers.size() + 1);
}

}  // namespace
}  // namespace server::registry
