#include "server/registry/page/page.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "server/registry/page/testing/site.h"
#include "sigstore/store/tree.h"

namespace server::registry::page {
namespace {

namespace json = sigstore::codec::json;
namespace media_type = sigstore::oci::media_type;
using sigstore::net::Headers;
using sigstore::oci::Digest;

const std::string signed_digest = "sha256:bef8bf1b8d68d125895f974c724e19c1f4becf59aea063bacf80dfefb005f80c";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class PageTest : public ::testing::Test {
 protected:
  std::string body(const std::string& target) {
    const auto reply = site.ask(target);
    EXPECT_EQ(reply.status, 200) << target;
    return reply.body;
  }
  json::Value document(const std::string& target) {
    const auto reply = site.ask(target, {{"Accept", "application/json"}});
    EXPECT_EQ(reply.status, 200) << target;
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
    return reply.document();
  }
  // A manifest that hangs on `subject`.
  void refer(const std::string& repository, const std::string& subject, const std::string& type,
             const json::Object& annotations = {}) {
    json::Object more{{"artifactType", type},
                      {"subject", testing::Driver::descriptor(media_type::oci_manifest, subject)}};
    if (!annotations.empty()) more.set("annotations", annotations);
    const std::string text = site.driver.image(repository, "content of " + type, more);
    ASSERT_EQ(site.driver.push_manifest(repository, Digest::sha256(text).text(), text).status, 201);
  }

  testing::Site site{SOURCE_ROOT};
};

TEST_F(PageTest, RepositoriesAreListedWithTheirTags) {
  EXPECT_TRUE(has(body("/"), "Nothing has been pushed yet."));
  site.load("legacy-signature", "team/app");
  site.load("unsigned", "plain");
  const std::string front = body("/");
  EXPECT_TRUE(has(front,
                  "<a href=\"/r/team/app\"><span class=\"soft\">team/</span>app</a><span class=\"meta\">"
                  "pushed 2026-01-01 00:00 UTC · 1 tag</span>"))
      << front;
  EXPECT_EQ(
      json::write(document("/")),
      R"({"version":1,"repositories":[{"name":"plain","tags":1,"pushed":"2026-01-01T00:00:00Z"},{"name":"team/app","tags":1,"pushed":"2026-01-01T00:00:00Z"}]})");
  EXPECT_EQ(json::write(document("/?q=eam")),
            R"({"version":1,"repositories":[{"name":"team/app","tags":1,"pushed":"2026-01-01T00:00:00Z"}]})");
  EXPECT_TRUE(has(body("/?q=%3Cb%3E"), "No repository here has “&lt;b&gt;” in its name."));
}

TEST_F(PageTest, LongListsComeInParts) {
  for (int i = 100; i < 180; ++i) {
    const std::string name = "many/app-" + std::to_string(i);
    site.driver.push_manifest(name, "1", site.driver.image(name, "x"));
  }
  const auto first = document("/");
  EXPECT_EQ(first.get("repositories")->array()->size(), 50U);
  EXPECT_EQ(*first.get("next")->string(), "many/app-149");
  EXPECT_TRUE(has(body("/?q=app"), "href=\"/?q=app&amp;after=many%2Fapp-149\""));
  const auto second = document("/?after=many/app-149");
  EXPECT_EQ(second.get("repositories")->array()->size(), 30U);
  EXPECT_EQ(second.get("next"), nullptr);
}

TEST_F(PageTest, TagsBesideAnImageAreNotTagsOfTheirOwn) {
  site.load("legacy-and-bundle", "team/app");
  const auto plain = document("/r/team/app");
  ASSERT_EQ(plain.get("tags")->array()->size(), 1U);
  const auto& line = plain.get("tags")->array()->front();
  EXPECT_EQ(*line.get("tag")->string(), "latest");
  EXPECT_EQ(*line.get("digest")->string(), signed_digest);
  EXPECT_EQ(line.get("signatures")->number()->text, "2");
  EXPECT_EQ(line.get("verifiedWith"), nullptr) << "there are no keys to verify with";
  EXPECT_EQ(document("/r/team/app?all=true").get("tags")->array()->size(), 3U);
  EXPECT_TRUE(has(body("/r/team/app"), "Show tags of signatures too"));
  EXPECT_TRUE(has(body("/r/team/app?all=true"),
                  "sha256-bef8bf1b8d68d125895f974c724e19c1f4becf59aea063bacf80dfefb005f80c.sig"));
}

TEST_F(PageTest, AnImageIsTheSameDocumentAsTheTreeOverItsRegistry) {
  site.load("legacy-and-bundle", "team/app");
  site.open();
  for (const std::string& image : {std::string("team/app:latest"), "team/app@" + signed_digest}) {
    LocalRegistry registry(site.shelves());
    const auto reference = sigstore::oci::Reference::parse("registry.example:5000/" + image);
    const auto tree = sigstore::store::grow_tree(registry, *reference, std::nullopt, "");
    ASSERT_TRUE(tree);
    EXPECT_EQ(site.ask("/r/" + image + "?output=json").body, sigstore::store::as_json(*tree) + "\n");
  }
}

TEST_F(PageTest, WithoutKeysNothingIsVerified) {
  site.load("legacy-and-bundle", "team/app");
  const std::string page = body("/r/team/app:latest");
  EXPECT_TRUE(has(page, "2 signatures, not verified"));
  EXPECT_TRUE(has(page, "Nothing here is verified"));
  EXPECT_FALSE(has(page, "badge good"));
  EXPECT_FALSE(has(page, ">verified<"));
}

TEST_F(PageTest, ASignatureByAKnownKeyIsVerified) {
  site.load("legacy-two-keys", "two");
  site.trust("p384");
  const std::string page = body("/r/two:latest");
  EXPECT_TRUE(has(page, "verified with p384.pub")) << page;
  EXPECT_TRUE(has(page, "no known key"));
  EXPECT_TRUE(has(page, "cosign verify --key p384.pub --insecure-ignore-tlog=true"));
  const auto document = this->document("/r/two:latest?signers=true");
  const auto* signers = document.get("artifacts")->array()->front().get("signers")->array();
  ASSERT_EQ(signers->size(), 2U);
  EXPECT_EQ(*(*signers)[0].get("standing")->string(), "unknown");
  EXPECT_EQ(*(*signers)[1].get("standing")->string(), "verified");
  EXPECT_EQ(*(*signers)[1].get("key")->string(), site.keys.keys[0].key.fingerprint());
  EXPECT_EQ(this->document("/r/two:latest").get("artifacts")->array()->front().get("signers"), nullptr);
}

TEST_F(PageTest, AttestationsAreJudgedInEitherForm) {
  site.load("legacy-attestations", "old");
  site.load("bundle-attestation-only", "new");
  site.trust("p256");
  for (const char* repository : {"old", "new"}) {
    const auto document = this->document("/r/" + std::string(repository) + ":latest?signers=true");
    const auto* signers = document.get("artifacts")->array()->front().get("signers")->array();
    ASSERT_FALSE(signers->empty()) << repository;
    EXPECT_EQ(*signers->front().get("standing")->string(), "verified") << repository;
    EXPECT_TRUE(has(body("/r/" + std::string(repository) + ":latest"), "not signed"))
        << "an attestation is no signature";
  }
}

TEST_F(PageTest, ASignatureForAnotherImageDoesNotCount) {
  site.load("legacy-signature", "team/app");
  site.trust("p256");
  const std::string other = site.driver.image("team/app", "another");
  site.driver.push_manifest("team/app", "other", other);
  const auto signature =
      site.driver.get("/v2/team/app/manifests/sha256-" + signed_digest.substr(7) + ".sig").body;
  const std::string hex(Digest::sha256(other).hex());
  ASSERT_EQ(site.driver.push_manifest("team/app", "sha256-" + hex + ".sig", signature).status, 201);
  const std::string page = body("/r/team/app:other");
  EXPECT_TRUE(has(page, "1 signature, none that counts")) << page;
  EXPECT_TRUE(has(page, "it was made for another image"));
  EXPECT_FALSE(has(page, "badge good"));
}

TEST_F(PageTest, WhatIsPushedLaterIsSeen) {
  site.load("unsigned", "app");
  const std::string image = site.driver.get("/v2/app/manifests/latest").body;
  EXPECT_TRUE(has(body("/r/app:latest"), "Nothing hangs on it"));
  refer("app", image, "application/spdx+json");
  EXPECT_TRUE(has(body("/r/app:latest"), "SPDX SBOM"));
  refer("app", image, "application/vnd.example");
  EXPECT_TRUE(has(body("/r/app:latest"), "application/vnd.example"));
}

TEST_F(PageTest, WhatComesFromOutsideStaysText) {
  site.load("unsigned", "app");
  const std::string image = site.driver.get("/v2/app/manifests/latest").body;
  const std::string evil = "\"><script>alert('1')</script>\u202e" + std::string(9000, 'A');
  refer("app", image, evil, {{"dev.sigstore.bundle.predicateType", evil}, {evil, evil}});
  const std::string page = body("/r/app:latest");
  EXPECT_TRUE(has(page, "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\\u202eAAA")) << page;
  const auto referrer = document("/r/app:latest").get("artifacts")->array()->front();
  const std::string itself = body("/r/app@" + *referrer.get("manifest")->get("digest")->string());
  EXPECT_TRUE(has(itself, "Hangs on"));
  for (const std::string& shown : {page, itself}) {
    EXPECT_FALSE(has(shown, "<script"));
    EXPECT_FALSE(has(shown, "\u202e"));
    EXPECT_LT(shown.size(), 30'000U) << "long values are cut";
  }
}

TEST_F(PageTest, AnIndexShowsItsImages) {
  site.load("legacy-recursive-index", "multi");
  site.trust("p256");
  const std::string page = body("/r/multi:latest");
  for (const char* text :
       {"Image index", "Images in this index", "linux/amd64", "linux/arm64", "verified with p256.pub"})
    EXPECT_TRUE(has(page, text)) << text;
  EXPECT_TRUE(has(body("/r/multi"), "Image index <span class=\"meta\">linux/amd64, linux/arm64</span>"));
}

TEST_F(PageTest, NoScriptsNoAssetsNoFrames) {
  const auto reply = site.ask("/");
  const std::string policy = reply.header("Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; style-src 'sha256-")) << policy;
  EXPECT_TRUE(has(policy, "frame-ancestors 'none'"));
  EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(reply.header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
}

TEST_F(PageTest, WhatHasNotChangedIsNotSentAgain) {
  const auto reply = site.ask("/");
  const std::string etag = reply.header("ETag");
  EXPECT_EQ(site.ask("/", {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(site.ask("/", {{"If-None-Match", etag}}).body, "");
  EXPECT_EQ(site.ask("/", {{"If-None-Match", etag}, {"Accept", "application/json"}}).status, 200);
  site.load("unsigned", "app");
  EXPECT_EQ(site.ask("/", {{"If-None-Match", etag}}).status, 200);
  EXPECT_EQ(site.ask("/", {}, "HEAD").status, 200);
}

TEST_F(PageTest, WhatIsNotThereIsSaid) {
  site.load("unsigned", "app");
  for (const char* path :
       {"/r/", "/r/absent", "/r/app:absent", "/r/app@sha256:00", "/r/App", "/r/app:a:b", "/r/%3Cb%3E"}) {
    const auto reply = site.ask(path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_TRUE(has(reply.body, "<h1>Nothing here</h1>")) << path;
    EXPECT_EQ(
        *site.ask(path, {{"Accept", "application/json"}}).document().get("error")->get("code")->string(),
        "not_found");
  }
  EXPECT_FALSE(has(site.ask("/r/%3Cb%3E").body, "<b>"));
  const auto refused = site.ask("/r/app", {}, "DELETE");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "GET, HEAD");
}

TEST_F(PageTest, AllElseIsTheRegistrys) {
  const Headers browser{{"Accept", "text/html,application/xhtml+xml"}};
  EXPECT_EQ(site.ask("/v2/app/tags/list", browser).body, "of the registry");
  EXPECT_EQ(site.ask("/somewhere").body, "of the registry");
  EXPECT_TRUE(has(site.ask("/somewhere", browser).body, "Nothing here"));
}

TEST_F(PageTest, ReferencesBeginWithWhatTheRegistryIsCalled) {
  site.load("unsigned", "app");
  const auto pulled = [&](const std::string& host) {
    const std::string page = site.ask("/r/app:latest", {{"Host", host}}).body;
    const auto begin = page.find("docker pull ") + 12;
    return page.substr(begin, page.find('<', begin) - begin);
  };
  EXPECT_EQ(pulled("localhost:5000"), "localhost:5000/app:latest");
  EXPECT_EQ(pulled("registry"), "registry:80/app:latest") << "or it were a repository of Docker Hub";
  EXPECT_EQ(pulled("[::1]:5000"), "[::1]:5000/app:latest");
  EXPECT_EQ(pulled("a b\"<script>"), "localhost/app:latest");
  EXPECT_TRUE(has(site.ask("/r/app:latest").body, "cosign tree --allow-http-registry registry.example"));
  for (const char* host : {"127.0.0.1:5000", "127.0.0.1", "[::1]:5000", "10.1.2.3:80", "registry.localhost"})
    EXPECT_FALSE(has(site.ask("/r/app:latest", {{"Host", host}}).body, "--allow-http")) << host;
  const Headers behind_tls{{"X-Forwarded-Proto", "https"}};
  EXPECT_FALSE(has(site.ask("/r/app:latest", behind_tls).body, "--allow-http"));
}

TEST_F(PageTest, BehindAProxyReferencesBeginWithItsName) {
  site.load("unsigned", "app");
  site.external_url = *sigstore::net::Url::parse("https://images.example.com");
  const std::string page = site.ask("/r/app:latest", {{"Host", "10.0.0.1:5000"}}).body;
  EXPECT_TRUE(has(page, "docker pull images.example.com/app:latest")) << page;
  EXPECT_FALSE(has(page, "--allow-http"));
  EXPECT_FALSE(has(page, "10.0.0.1"));
}

TEST_F(PageTest, ManyLookWhileSomebodyPushes) {
  site.load("legacy-and-bundle", "app");
  site.trust("p256");
  site.open();
  const std::string image = site.driver.get("/v2/app/manifests/latest").body;
  std::vector<std::jthread> readers;
  readers.reserve(4);
  std::atomic<int> seen = 0;
  for (int i = 0; i < 4; ++i)
    readers.emplace_back([&] {
      for (int n = 0; n < 25; ++n)
        for (const char* path : {"/", "/r/app", "/r/app:latest", "/r/app:latest?output=json&signers=true"})
          seen += site.ask(path).status == 200 ? 1 : 0;
    });
  for (int n = 0; n < 10; ++n) refer("app", image, "n/" + std::to_string(n));
  readers.clear();
  EXPECT_EQ(seen, 400);
  EXPECT_TRUE(has(body("/r/app:latest"), "n/9"));
}

TEST_F(PageTest, WhatIsWrongWithThisMachineIsNotTold) {
  site.load("unsigned", "app");
  const auto manifest = Digest::parse(signed_digest);
  ASSERT_TRUE(site.driver.content->remove(*manifest));
  const auto reply = site.ask("/r/app:latest");
  EXPECT_NE(reply.status, 200);
  EXPECT_FALSE(has(reply.body, "blobs/sha256"));
}

TEST_F(PageTest, WithoutTheReferrersApiTheFallbackTagIsRead) {
  site.load("bundle-signature", "app");
  site.open(false);
  EXPECT_EQ(document("/r/app:latest").get("artifacts")->array()->size(), 1U);
}

}  // namespace
}  // namespace server::registry::page
