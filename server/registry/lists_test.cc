#include <gtest/gtest.h>

#include <set>

#include "server/registry/testing/driver.h"
#include "sigstore/base/limits.h"

namespace server::registry {
namespace {

using namespace testing;

std::string names(const Reply& reply) {
  std::string text;
  const json::Value document = reply.document();
  for (const json::Value& name : *document.get("tags")->array()) text += *name.string() + " ";
  return text;
}

// The target of a Link header: <TARGET>; rel="next"
std::string next(const Reply& reply) {
  const std::string link = reply.header("Link");
  if (link.empty()) return "";
  EXPECT_TRUE(link.starts_with("<") && link.ends_with(">; rel=\"next\"")) << link;
  return link.substr(1, link.find('>') - 1);
}

TEST(Base, SaysWhatItIs) {
  Driver registry;
  for (const char* target : {"/v2/", "/v2"}) {
    const auto reply = registry.get(target);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Docker-Distribution-Api-Version"), "registry/2.0");
  }
  EXPECT_EQ(registry.send("POST", "/v2/").status, 405);
  for (const char* nothing : {"/", "/v1/", "/v2/app", "/v2/app/tags", "/v2/app/manifests/", "/v2/_catalog/",
                              "/v2/_oci/ext/discover"})
    EXPECT_EQ(registry.get(nothing).status, 404) << nothing;
  EXPECT_EQ(registry.get("/v2/App/tags/list").error(), "NAME_INVALID");
  EXPECT_EQ(registry.get("/v2/../tags/list").error(), "NAME_INVALID");
}

struct Tags : ::testing::Test {
  Tags() {
    const std::string text = registry.image("app", "layer");
    for (const char* tag : {"c", "a", "b", "B", "1"}) registry.push_manifest("app", tag, text);
  }
  Driver registry;
};

TEST_F(Tags, AreListedInOrder) {
  const auto reply = registry.get("/v2/app/tags/list");
  EXPECT_EQ(reply.body, R"({"name":"app","tags":["1","B","a","b","c"]})");
  EXPECT_EQ(reply.header("Content-Type"), "application/json");
  EXPECT_EQ(next(reply), "");
}

TEST_F(Tags, ComeInPages) {
  auto page = registry.get("/v2/app/tags/list?n=2");
  EXPECT_EQ(names(page), "1 B ");
  EXPECT_EQ(next(page), "/v2/app/tags/list?n=2&last=B");
  page = registry.get(next(page));
  EXPECT_EQ(names(page), "a b ");
  page = registry.get(next(page));
  EXPECT_EQ(names(page), "c ");
  EXPECT_EQ(next(page), "");
  EXPECT_EQ(names(registry.get("/v2/app/tags/list?last=b")), "c ");
  EXPECT_EQ(names(registry.get("/v2/app/tags/list?last=not+there")), "") << "behind all";
  EXPECT_EQ(names(registry.get("/v2/app/tags/list?n=0")), "");
  EXPECT_EQ(next(registry.get("/v2/app/tags/list?n=0")), "") << "n=0 has no Link";
  EXPECT_EQ(next(registry.get("/v2/app/tags/list?n=5")), "") << "nothing is left";
  EXPECT_EQ(names(registry.get("/v2/app/tags/list?n=99999999999999999999999")), "1 B a b c ");
}

TEST_F(Tags, ABadNumberIsRefused) {
  for (const char* n : {"", "x", "-1", "1x"}) {
    const auto reply = registry.get("/v2/app/tags/list?n=" + std::string(n));
    EXPECT_EQ(reply.status, 400) << n;
    EXPECT_EQ(reply.error(), "UNSUPPORTED") << n;
  }
}

TEST_F(Tags, NoneAndNoRepositoryAreTwoThings) {
  registry.push_blob("blobs/only", "x");
  EXPECT_EQ(registry.get("/v2/blobs/only/tags/list").body, R"({"name":"blobs/only","tags":[]})");
  EXPECT_EQ(registry.get("/v2/none/tags/list").error(), "NAME_UNKNOWN");
  EXPECT_EQ(registry.get("/v2/none/tags/list").status, 404);
}

TEST(Repositories, AreListedInPages) {
  Driver registry;
  EXPECT_EQ(registry.get("/v2/_catalog").body, R"({"repositories":[]})");
  for (const char* name : {"b", "a/x", "a"}) registry.push_blob(name, "content");
  EXPECT_EQ(registry.get("/v2/_catalog").body, R"({"repositories":["a","a/x","b"]})");
  auto page = registry.get("/v2/_catalog?n=2");
  EXPECT_EQ(page.body, R"({"repositories":["a","a/x"]})");
  EXPECT_EQ(next(page), "/v2/_catalog?n=2&last=a%2Fx");
  page = registry.get(next(page));
  EXPECT_EQ(page.body, R"({"repositories":["b"]})");
  EXPECT_EQ(next(page), "");
  EXPECT_EQ(registry.get("/v2/_catalog?n=x").status, 400);
  EXPECT_EQ(registry.send("POST", "/v2/_catalog").header("Allow"), "GET, HEAD");
}

struct Referrers : ::testing::Test {
  explicit Referrers(Options options = {}) : registry(options) {
    registry.push_manifest("app", "latest", subject);
  }
  // A manifest about the subject; returns its digest.
  std::string refer(const std::string& type, const std::string& seed, Reply* reply = nullptr) {
    const std::string text =
        registry.image("app", seed,
                       {{"artifactType", type},
                        {"annotations", json::Object{{"seed", seed}}},
                        {"subject", Driver::descriptor(media_type::oci_manifest, subject)}});
    const auto put = registry.push_manifest("app", Digest::sha256(text).text(), text);
    EXPECT_EQ(put.status, 201) << put.body;
    if (reply != nullptr) *reply = put;
    return Digest::sha256(text).text();
  }
  std::vector<std::string> digests(const std::string& target) {
    const auto reply = registry.get(target);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.header("Content-Type"), media_type::oci_index);
    const json::Value document = reply.document();
    std::vector<std::string> list;
    for (const json::Value& one : *document.get("manifests")->array())
      list.push_back(*one.get("digest")->string());
    return list;
  }
  Driver registry;
  const std::string subject = registry.image("app", "layer");
  const std::string path = "/v2/app/referrers/" + Digest::sha256(subject).text();
};

TEST_F(Referrers, AreListedWithTypeAndAnnotations) {
  Reply put;
  const std::string digest = refer("application/vnd.example+json", "one", &put);
  EXPECT_EQ(put.header("OCI-Subject"), Digest::sha256(subject).text());
  const json::Value index = registry.get(path).document();
  EXPECT_EQ(*index.get("mediaType")->string(), media_type::oci_index);
  ASSERT_EQ(index.get("manifests")->array()->size(), 1U);
  const json::Value& one = index.get("manifests")->array()->front();
  EXPECT_EQ(*one.get("digest")->string(), digest);
  EXPECT_EQ(*one.get("mediaType")->string(), media_type::oci_manifest);
  EXPECT_EQ(*one.get("artifactType")->string(), "application/vnd.example+json");
  EXPECT_EQ(*one.get("annotations")->get("seed")->string(), "one");
}

TEST_F(Referrers, NoneIsAnEmptyIndex) {
  EXPECT_TRUE(digests(path).empty());
  EXPECT_TRUE(digests("/v2/none/referrers/" + Digest::sha256("x").text()).empty());
  EXPECT_EQ(registry.get("/v2/app/referrers/latest").error(), "DIGEST_INVALID");
}

TEST_F(Referrers, AreFilteredByType) {
  const std::string wanted = refer("application/vnd.a+json", "one");
  refer("application/vnd.b+json", "two");
  EXPECT_EQ(digests(path + "?artifactType=application/vnd.a%2Bjson"), std::vector{wanted});
  EXPECT_EQ(digests(path + "?artifactType=application/vnd.a+json"), std::vector{wanted});
  EXPECT_EQ(registry.get(path + "?artifactType=x").header("OCI-Filters-Applied"), "artifactType");
  EXPECT_EQ(registry.get(path).header("OCI-Filters-Applied"), "");
}

TEST_F(Referrers, ComeInPagesThatKeepTheFilter) {
  std::set<std::string> all;
  for (int i = 0; i < 5; ++i) {
    all.insert(refer("application/vnd.a+json", "a" + std::to_string(i)));
    refer("application/vnd.b+json", "b" + std::to_string(i));
  }
  std::set<std::string> seen;
  int pages = 0;
  for (std::string target = path + "?n=2&artifactType=application/vnd.a%2Bjson"; !target.empty(); ++pages) {
    const auto page = digests(target);
    EXPECT_LE(page.size(), 2U);
    for (const auto& digest : page) EXPECT_TRUE(seen.insert(digest).second) << "twice";
    target = next(registry.get(target));
  }
  EXPECT_EQ(seen, all);
  EXPECT_EQ(pages, 3);
}

TEST_F(Referrers, APageHasAnEnd) {
  for (std::size_t i = 0; i <= sigstore::limits::referrers_page; ++i) refer("t", std::to_string(i));
  EXPECT_EQ(digests(path).size(), sigstore::limits::referrers_page);
  EXPECT_EQ(digests(next(registry.get(path))).size(), 1U);
}

// Annotations are repeated in the list: however large they are, one answer is not.
TEST_F(Referrers, APageHasAnEndInBytesToo) {
  const std::string large(200 * 1024, 'x');
  std::set<std::string> all, seen;
  for (int i = 0; i < 60; ++i) {
    const std::string text =
        registry.image("app", std::to_string(i),
                       {{"artifactType", "large"},
                        {"annotations", json::Object{{"text", large}}},
                        {"subject", Driver::descriptor(media_type::oci_manifest, subject)}});
    const std::string digest = Digest::sha256(text).text();
    ASSERT_EQ(registry.push_manifest("app", digest, text).status, 201);
    all.insert(digest);
  }
  refer("small", "other");
  int pages = 0;
  for (std::string target = path + "?artifactType=large"; !target.empty(); ++pages) {
    const auto reply = registry.get(target);
    EXPECT_LE(reply.body.size(), sigstore::limits::referrers_page_bytes);
    EXPECT_EQ(reply.header("OCI-Filters-Applied"), "artifactType");
    EXPECT_EQ(registry.send("HEAD", target).size, reply.size);
    for (const auto& digest : digests(target)) EXPECT_TRUE(seen.insert(digest).second) << "twice";
    target = next(reply);
  }
  EXPECT_EQ(seen, all);
  EXPECT_GE(pages, 3);
  EXPECT_LE(pages, 5);
}

TEST_F(Referrers, MayComeBeforeTheirSubjectAndGoWithTheirManifest) {
  const std::string later = Driver::image_text("later");
  const std::string text = registry.image("app", "early", {{"subject", Driver::descriptor("", later)}});
  ASSERT_EQ(registry.push_manifest("app", "early", text).status, 201);
  const std::string about = "/v2/app/referrers/" + Digest::sha256(later).text();
  EXPECT_EQ(digests(about).size(), 1U);
  registry.send("DELETE", "/v2/app/manifests/" + Digest::sha256(text).text());
  EXPECT_TRUE(digests(about).empty());
}

TEST_F(Referrers, ASubjectThatIsNoDescriptorIsRefused) {
  const std::string text = registry.image("app", "one", {{"subject", json::Object{{"digest", "x"}}}});
  EXPECT_EQ(registry.push_manifest("app", "one", text).error(), "MANIFEST_INVALID");
}

TEST_F(Referrers, WithoutATypeOfTheirOwnHaveThatOfTheirConfig) {
  const json::Value about = Driver::descriptor(media_type::oci_manifest, subject);
  const std::string image = registry.image("app", "one", {{"subject", about}});
  registry.push_manifest("app", "one", image);
  json::Value index = json::parse(Driver::index_text({}), "").value();
  index.object()->set("subject", about);
  EXPECT_EQ(registry.push_manifest("app", "two", json::write(index), {}, media_type::oci_index)
                .header("OCI-Subject"),
            Digest::sha256(subject).text());
  const json::Value list = registry.get(path).document();
  ASSERT_EQ(list.get("manifests")->array()->size(), 2U);
  for (const json::Value& one : *list.get("manifests")->array()) {
    const json::Value* type = one.get("artifactType");
    if (*one.get("mediaType")->string() == media_type::oci_manifest)
      EXPECT_EQ(*type->string(), media_type::oci_config);
    else
      EXPECT_EQ(type, nullptr) << "an index without a type has none";
  }
}

TEST_F(Referrers, OfAnotherAlgorithmAreListedUnderTheirOwnDigest) {
  const std::string about = sha512_of(subject);
  const std::string text =
      registry.image("app", "one",
                     {{"subject", json::Object{{"mediaType", media_type::oci_manifest},
                                               {"digest", about},
                                               {"size", static_cast<std::uint64_t>(subject.size())}}}});
  const auto put = registry.push_manifest("app", sha512_of(text), text);
  EXPECT_EQ(put.header("OCI-Subject"), about);
  EXPECT_EQ(digests("/v2/app/referrers/" + about), std::vector{sha512_of(text)});
  EXPECT_TRUE(digests(path).empty());
}

TEST_F(Referrers, OfABadDigestAreABadRequest) {
  for (const char* bad :
       {"latest", "sha256:x", "sha256:", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:%00"})
    EXPECT_EQ(registry.get("/v2/app/referrers/" + std::string(bad)).status, 400) << bad;
}

}  // namespace
}  // namespace server::registry
