#include "server/registry/needs.h"

#include <gtest/gtest.h>

namespace server::registry {
namespace {

std::string needed(std::string_view method, std::string_view target) {
  const sigstore::net::Headers none;
  return host::scope_text(
      needs({.method = method, .target = target, .headers = &none, .content_length = 0, .body = nullptr}));
}

TEST(Needs, ReadingPullsWritingPushesAndDeletingDeletes) {
  EXPECT_EQ(needed("GET", "/v2/team/app/manifests/latest"), "repository:team/app:pull");
  EXPECT_EQ(needed("HEAD", "/v2/a/blobs/sha256:x"), "repository:a:pull");
  EXPECT_EQ(needed("GET", "/v2/a/tags/list?n=5"), "repository:a:pull");
  EXPECT_EQ(needed("PUT", "/v2/a/manifests/latest"), "repository:a:push");
  EXPECT_EQ(needed("POST", "/v2/a/blobs/uploads/"), "repository:a:push");
  EXPECT_EQ(needed("DELETE", "/v2/a/blobs/uploads/id"), "repository:a:push") << "an upload is given up";
  EXPECT_EQ(needed("DELETE", "/v2/a/manifests/latest"), "repository:a:delete");
  EXPECT_EQ(needed("BREW", "/v2/a/manifests/latest"), "repository:a:push");
}

TEST(Needs, AMountPullsWhereItComesFrom) {
  EXPECT_EQ(needed("POST", "/v2/a/blobs/uploads/?mount=sha256:x&from=team%2Fb"),
            "repository:a:push repository:team/b:pull");
  EXPECT_EQ(needed("POST", "/v2/a/blobs/uploads/?from=b"), "repository:a:push");
  EXPECT_EQ(needed("POST", "/v2/a/blobs/uploads/?mount=sha256:x&from=%22"), "repository:a:push")
      << "there is no such repository";
}

TEST(Needs, NothingForWhatBelongsToNoRepository) {
  for (const char* target : {"/v2/", "/", "/metrics", "/v2/A/tags/list"})
    EXPECT_EQ(needed("GET", target), "");
}

}  // namespace
}  // namespace server::registry
