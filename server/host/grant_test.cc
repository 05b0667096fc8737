#include "server/host/grant.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"

namespace server::host {
namespace {

TEST(Grant, ScopesAreReadAndWritten) {
  const Grants grants = parse_scopes("repository:team/app:push,pull  registry:catalog:*");
  EXPECT_EQ(grants, (Grants{{"repository", "team/app", {"pull", "push"}}, {"registry", "catalog", {"*"}}}));
  EXPECT_EQ(scope_text(grants), "repository:team/app:pull,push registry:catalog:*");
  EXPECT_EQ(parse_scopes("repository:host:5000/a:pull").at(0).name, "host:5000/a");
}

TEST(Grant, WhatIsNoScopeIsLeftOut) {
  for (const char* text : {"", "repository", "repository:a", ":a:pull", "repository::pull",
                           "repository:a\"b:pull", "repository:a:pu\nll", "repository:a:pull,,push", "::"})
    EXPECT_TRUE(parse_scopes(text).empty()) << text;
  EXPECT_EQ(parse_scopes("x repository:a:pull y").size(), 1U);
  EXPECT_TRUE(parse_scopes("repository:" + std::string(600, 'a') + ":pull").empty());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "repository:a:pull ";
  EXPECT_EQ(parse_scopes(many).size(), sigstore::limits::scopes);
}

TEST(Grant, CoversWhatIsNeededAndNothingElse) {
  const Grants granted = parse_scopes("repository:a:pull,push repository:b:pull");
  const auto covered = [&](const char* needed) { return covers(granted, parse_scopes(needed)); };
  EXPECT_TRUE(covered(""));
  EXPECT_TRUE(covered("repository:a:push repository:b:pull"));
  for (const char* needed :
       {"repository:b:push", "repository:c:pull", "registry:a:pull", "repository:a:delete", "repository:a:*",
        "repository:a:pull repository:c:pull", "repository:A:pull"})
    EXPECT_FALSE(covered(needed)) << needed;
}

}  // namespace
}  // namespace server::host
