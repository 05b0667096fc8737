#include "sigstore/remote/registry/link.h"

namespace sigstore::remote {
namespace {

using Target = std::optional<std::string>;

TEST(Link, TheNextPage) {
  for (const char* header : {
           R"(</v2/a/tags/list?n=2&last=b>; rel="next")",
           R"(</v2/a/tags/list?n=2&last=b>; rel=next)",
           R"(  </v2/a/tags/list?n=2&last=b>;REL="next")",
           R"(</v2/a/tags/list?n=2&last=b> ; title="a, b; rel=prev" ; rel = "Next")",
           R"(</v2/a/tags/list?n=2&last=b>; rel="last next")",
           R"(</first>; rel="first", </v2/a/tags/list?n=2&last=b>; rel="next")",
           R"(</v2/a/tags/list?n=2&last=b>; rel="next", </other>; rel="next")",
           R"(, </x>, </v2/a/tags/list?n=2&last=b>; rel="next")",
       })
    EXPECT_EQ(next_link(std::string_view(header)), Target("/v2/a/tags/list?n=2&last=b")) << header;
}

TEST(Link, NoNextPage) {
  for (const char* header :
       {"", " ", "</a>", R"(</a>; rel="prev")", R"(</a>; rel="nextpage")", R"(</a>; rev="next")",
        R"(</a>; title="rel=next")", R"(</a; rel="next")", R"(/a; rel="next")", R"(</a>; rel)",
        R"(</a>; rel=)", R"(x</a>; rel="next")", "<", "<>"})
    EXPECT_EQ(next_link(std::string_view(header)), std::nullopt) << header;
}

TEST(Link, EmptyTargetsAreTargets) {  // RFC 3986: the same document; whoever follows notices that
  EXPECT_EQ(next_link(std::string_view(R"(<>; rel="next")")), Target(""));
}

TEST(Link, InWhicheverHeaderItStands) {
  EXPECT_EQ(next_link(net::Headers{{"Link", R"(</a>; rel="prev")"}, {"link", R"(</b>; rel="next")"}}),
            Target("/b"));
  EXPECT_EQ(next_link(net::Headers{{"Links", R"(</b>; rel="next")"}}), std::nullopt);
}

}  // namespace
}  // namespace sigstore::remote
