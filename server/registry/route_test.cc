#include "server/registry/route.h"

#include <gtest/gtest.h>

namespace server::registry {
namespace {

using Kind = Route::Kind;

TEST(Route, EachKindHasItsName) {
  EXPECT_EQ(name_of(Route::Kind::base), "base");
  EXPECT_EQ(name_of(Route::Kind::catalogue), "catalogue");
  EXPECT_EQ(name_of(Route::Kind::upload), "upload");
  EXPECT_EQ(name_of(Route::Kind::referrers), "referrers");
}

TEST(Route, EndpointsOfTheSpecification) {
  struct Case {
    const char* target;
    Kind kind;
    const char* repository;
    const char* last;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"/v2/", Kind::base, "", ""},
           {"/v2?x=y", Kind::base, "", ""},
           {"/v2/a/manifests/latest", Kind::manifest, "a", "latest"},
           {"/v2/a/b/c/manifests/sha256:00", Kind::manifest, "a/b/c", "sha256:00"},
           {"/v2/a/manifests/sha256%3A00", Kind::manifest, "a", "sha256:00"},
           {"/v2/a/blobs/sha256:00", Kind::blob, "a", "sha256:00"},
           {"/v2/a/blobs/uploads/", Kind::uploads, "a", ""},
           {"/v2/a/blobs/uploads", Kind::uploads, "a", "uploads"},
           {"/v2/a/blobs/uploads/7f", Kind::upload, "a", "7f"},
           {"/v2/manifests/manifests/manifests", Kind::manifest, "manifests", "manifests"},
           {"/v2/blobs/uploads/blobs/uploads/7f", Kind::upload, "blobs/uploads", "7f"},
           {"/v2/a/tags/list?n=1", Kind::tags, "a", "list"},
           {"/v2/a/referrers/sha256:00", Kind::referrers, "a", "sha256:00"}}) {
    const auto route = parse_route(c.target);
    ASSERT_TRUE(route) << c.target;
    EXPECT_EQ(route->kind, c.kind) << c.target;
    EXPECT_EQ(route->repository, c.repository) << c.target;
    EXPECT_EQ(route->last, c.last) << c.target;
  }
}

TEST(Route, AnythingElseIsNotFound) {
  for (const char* target :
       {"", "/", "v2/", "/v1/a/manifests/b", "/v2/a", "/v2/a/manifests", "/v2/a/manifests/",
        "/v2/a/tags/list/", "/v2/a/tags/all", "/v2/a/blobs/", "/v2//"}) {
    const auto route = parse_route(target);
    ASSERT_FALSE(route) << target;
    EXPECT_EQ(route.error().status, 404) << target;
  }
}

TEST(Route, NamesOutsideTheGrammarAreRefused) {
  for (const char* name : {"A", "a//b", "-a", "a-", "a..b", "a___b", "a.-b", "..", "a%2f..%2fb", "a/%2e%2e",
                           "a%00", "a b", "%"}) {
    const auto route = parse_route("/v2/" + std::string(name) + "/tags/list");
    ASSERT_FALSE(route) << name;
    EXPECT_EQ(route.error().code, "NAME_INVALID") << name;
  }
  for (const char* name : {"a", "0", "a/b", "a.b", "a_b", "a__b", "a--b", "a-b_c.d/e"})
    EXPECT_TRUE(parse_route("/v2/" + std::string(name) + "/tags/list")) << name;
  EXPECT_TRUE(is_repository_name(std::string(255, 'a')));
  EXPECT_FALSE(is_repository_name(std::string(256, 'a')));
}

TEST(Route, Tags) {
  for (const char* tag : {"latest", "1.0", "_x", "V1-rc.2_a"}) EXPECT_TRUE(is_tag(tag)) << tag;
  for (const char* tag : {"", ".x", "-x", "a/b", "a:b", "a b", "\xc3\xa4"}) EXPECT_FALSE(is_tag(tag)) << tag;
  EXPECT_TRUE(is_tag(std::string(128, 'a')));
  EXPECT_FALSE(is_tag(std::string(129, 'a')));
}

TEST(Query, ParametersAreDecodedAndAPlusIsAPlus) {
  const Query query = Query::parse("a=1&type=application/vnd.x+json&b=%2Bc%3D&a=2&flag&&=x&bad=%zz%4");
  EXPECT_EQ(*query.find("a"), "1") << "the first";
  EXPECT_EQ(*query.find("type"), "application/vnd.x+json");
  EXPECT_EQ(*query.find("b"), "+c=");
  EXPECT_EQ(*query.find("flag"), "");
  EXPECT_EQ(*query.find("bad"), "%zz%4");
  EXPECT_EQ(query.find("none"), nullptr);
}

}  // namespace
}  // namespace server::registry
