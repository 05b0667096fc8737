#include "sigstore/keyset/scope.h"

#include <gtest/gtest.h>

namespace sigstore::keyset {
namespace {

bool is_in(std::string_view glob, std::string_view repository) {
  EXPECT_TRUE(check_glob(glob)) << glob;
  return matches(glob, *oci::Repository::parse(repository));
}

TEST(Scope, ARepositoryIsItself) {
  EXPECT_TRUE(is_in("r.example/team/app", "r.example/team/app"));
  EXPECT_FALSE(is_in("r.example/team/app", "r.example/team/app2"));
  EXPECT_FALSE(is_in("r.example/team/app", "r.example/team/app/x"));
  EXPECT_FALSE(is_in("r.example/team/app", "r.example:5000/team/app"));
  EXPECT_FALSE(is_in("r.example/team/app", "other.example/r.example/team/app"));
}

TEST(Scope, AStarEndsAtASlash) {
  EXPECT_TRUE(is_in("r.example/team/*", "r.example/team/app"));
  EXPECT_FALSE(is_in("r.example/team/*", "r.example/team/app/x"));
  EXPECT_FALSE(is_in("r.example/team/*", "r.example/team2/app"));
  EXPECT_TRUE(is_in("*.example/*/app", "r.example/team/app"));
  EXPECT_FALSE(is_in("*.example/app", "evil.org/x.example/app"));
  EXPECT_TRUE(is_in("r.example/a*b*c", "r.example/axbyc"));
}

TEST(Scope, TwoStarsGoOn) {
  EXPECT_TRUE(is_in("r.example/team/**", "r.example/team/app/x"));
  EXPECT_FALSE(is_in("r.example/team/**", "r.example/team"));
  EXPECT_TRUE(is_in("r.example/**/app", "r.example/a/b/app"));
  EXPECT_TRUE(is_in("**", "r.example/app"));
  EXPECT_TRUE(is_in("r.example/***", "r.example/a/b"));
}

TEST(Scope, DockerHubHasTwoNames) {
  EXPECT_TRUE(is_in("docker.io/library/*", "nginx"));
  EXPECT_TRUE(is_in("index.docker.io/library/nginx", "nginx"));
}

TEST(Scope, AGlobThatCouldMatchNothingIsRefused) {
  for (const char* glob :
       {"", "team/*", "nginx", "r.example", "r.example/a b", "r.example/\xc3\xa4", "*", "r.example/Team/*",
        "r.example/app:v1", "r.example/", "r.example//app", "docker.io/nginx", "index.docker.io/*"})
    EXPECT_FALSE(check_glob(glob)) << glob;
  EXPECT_TRUE(check_glob("docker.io/**"));
  EXPECT_TRUE(check_glob("R.example:5000/app"));
  EXPECT_FALSE(check_glob("r.example/" + std::string(600, 'a')));
  EXPECT_TRUE(check_glob("localhost/app"));
  EXPECT_TRUE(check_glob("[::1]:5000/app"));
}

// No glob takes long, however many stars it has.
TEST(Scope, ManyStars) {
  std::string glob = "r.example/";
  for (int i = 0; i < 200; ++i) glob += "*a";
  EXPECT_FALSE(is_in(glob, "r.example/" + std::string(180, 'b')));
}

}  // namespace
}  // namespace sigstore::keyset
