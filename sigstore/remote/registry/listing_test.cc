#include "sigstore/remote/registry/listing.h"

#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using testing::authorization;

const oci::Digest image = oci::Digest::sha256("image");

std::string digest_number(std::size_t n) {
  return oci::Digest::sha256(std::to_string(n)).text();
}

std::string page_of(std::size_t first, std::size_t count) {
  std::string text =
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)";
  for (std::size_t n = first; n < first + count; ++n)
    text += std::string(n == first ? "" : ",") +
            R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","size":7,"digest":")" +
            digest_number(n) + "\"}";
  return text + "]}";
}

std::string next(const std::string& target) {
  return "<" + target + ">; rel=\"next\"";
}

class ListingTest : public ::testing::Test, public testing::HttpFixture {
 protected:
  ListingTest() { open_registry(); }
  Result<ReferrersAnswer> referrers() {
    Client client(context());
    return list_referrers(client, app(), image);
  }
  Result<std::vector<std::string>> tags() {
    Client client(context());
    return list_tags(client, app());
  }
  static net::Response index(const std::string& body, const std::string& link = {}) {
    net::Headers headers{{"Content-Type", "application/vnd.oci.image.index.v1+json"}};
    if (!link.empty()) headers.add("Link", link);
    return answer(200, headers, body);
  }
  static net::Response list(const std::string& body, const std::string& link = {}) {
    net::Headers headers{{"Content-Type", "application/json"}};
    if (!link.empty()) headers.add("Link", link);
    return answer(200, headers, body);
  }

  const std::string path = "referrers/" + image.text();
  const std::string first = at("GET", path);
};

// --- referrers

TEST_F(ListingTest, OnePage) {
  http.on(first, index(page_of(0, 3)));
  const auto found = referrers();
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_TRUE(found->api);
  EXPECT_FALSE(found->truncated);
  ASSERT_EQ(found->descriptors.size(), 3u);
  EXPECT_EQ(found->descriptors[1].digest.text(), digest_number(1));
}

TEST_F(ListingTest, NoneIsAnAnswerToo) {
  http.on(first, index(page_of(0, 0)));
  EXPECT_TRUE(referrers()->api);
  EXPECT_TRUE(referrers()->descriptors.empty());
}

TEST_F(ListingTest, NoSuchApi) {
  for (const int status : {404, 400, 405, 406}) http.on(first, answer(status));
  http.on(first, list("{}"));
  http.on(first, answer(200, {{"Content-Type", "text/html"}}, "<html>"));
  for (int i = 0; i < 6; ++i) {
    const auto found = referrers();
    ASSERT_TRUE(found) << i;
    EXPECT_FALSE(found->api) << i;
  }
}

TEST_F(ListingTest, AFailureIsNotNone) {
  http.on(first, answer(401));
  EXPECT_EQ(referrers().error().code, Code::unauthorized);
  http.on(first, answer(403));
  EXPECT_EQ(referrers().error().code, Code::forbidden);
  http.on(first, answer(503));
  EXPECT_EQ(referrers().error().code, Code::unavailable);
}

TEST_F(ListingTest, Pages) {
  http.on(first, index(page_of(0, 2), next("/v2/app/" + path + "?n=2")));
  http.on(at("GET", path + "?n=2"), index(page_of(2, 2), next("?n=3")));
  http.on(at("GET", path + "?n=3"), index(page_of(3, 2)));  // the fourth once more
  const auto found = referrers();
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->descriptors.size(), 5u);
  EXPECT_FALSE(found->truncated);
}

TEST_F(ListingTest, APageElsewhereIsNotAskedFor) {
  credentials.add(host, "dev", "s3cret");
  for (const char* place : {"https://other.example/v2/x", "https://r.example:8443/v2/x",
                            "http://r.example/v2/x", "//other.example/v2/x", "ftp://r.example/"}) {
    net::testing::ScriptedTransport here;
    here.on(at("GET"), answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}}));
    here.on(first, index(page_of(0, 2), next(place)));
    here.on("GET *", index(page_of(2, 2)));
    Context with = context();
    with.transport = &here;
    Client client(with);
    const auto found = list_referrers(client, app(), image);
    ASSERT_TRUE(found) << place;
    EXPECT_TRUE(found->truncated) << place;
    EXPECT_EQ(found->descriptors.size(), 2u) << place;
    EXPECT_EQ(here.requests().size(), 2u) << place;
  }
}

TEST_F(ListingTest, ThePagesOfAHostThatTheRegistryRedirectedToAreNotFollowed) {
  http.on(first, answer(307, {{"Location", "https://cdn.example/r"}}));
  http.on("GET https://cdn.example/r", index(page_of(0, 2), next("?n=2")));
  const auto found = referrers();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->truncated);
  EXPECT_EQ(http.count("GET https://cdn.example/r?n=2"), 0u);
}

TEST_F(ListingTest, APageThatLeadsBack) {
  http.on(first, index(page_of(0, 2), next("?n=2")));
  http.on(at("GET", path + "?n=2"), index(page_of(2, 2), next("?n=2")));
  const auto found = referrers();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->truncated);
  EXPECT_LE(http.requests().size(), 4u);
}

TEST_F(ListingTest, ManyAreCutAndSaidSo) {
  int page = 0;
  http.on(first + "*", [&page](const net::Request&) -> Result<net::Response> {
    const auto at = static_cast<std::size_t>(page++) * 300;
    return index(page_of(at, 300), next("?n=" + std::to_string(page)));
  });
  const auto found = referrers();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->truncated);
  EXPECT_EQ(found->descriptors.size(), limits::referrers);
  EXPECT_EQ(page, 4);
}

TEST_F(ListingTest, PagesOfNothingEnd) {
  int page = 0;
  http.on(first + "*", [&page](const net::Request&) -> Result<net::Response> {
    return index(page_of(0, 0), next("?n=" + std::to_string(++page)));
  });
  const auto found = referrers();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->truncated);
  EXPECT_LE(page, static_cast<int>(limits::referrer_pages) + 1);
}

TEST_F(ListingTest, ALaterPageThatIsNoIndex) {
  http.on(first, index(page_of(0, 2), next("?n=2")));
  http.on(at("GET", path + "?n=2"), answer(200, {{"Content-Type", "text/html"}}, "<html>"));
  EXPECT_TRUE(referrers()->truncated);
}

TEST_F(ListingTest, ALaterPageThatFails) {
  http.on(first, index(page_of(0, 2), next("?n=2")));
  http.on(at("GET", path + "?n=2"), answer(404));
  EXPECT_EQ(referrers().error().code, Code::not_found);
}

TEST_F(ListingTest, ABrokenIndex) {
  http.on(first, index("{}x"));
  EXPECT_EQ(referrers().error().code, Code::malformed);
  http.on(first, index(page_of(0, 100000)));
  EXPECT_EQ(referrers().error().code, Code::too_large);
}

// --- tags

TEST_F(ListingTest, Tags) {
  http.on(at("GET", "tags/list"),
          list(R"({"name":"app","tags":["a","b"]})", next("/v2/app/tags/list?last=b")));
  http.on(at("GET", "tags/list?last=b"), list(R"({"tags":["c"]})"));
  EXPECT_EQ(tags(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(ListingTest, NoTags) {
  http.on(at("GET", "tags/list"), list(R"({"tags":null})"));
  EXPECT_EQ(tags(), std::vector<std::string>{});
  http.on(at("GET", "tags/list"), list(R"({"name":"app"})"));
  EXPECT_EQ(tags(), std::vector<std::string>{});
}

TEST_F(ListingTest, TagsThatAreNone) {
  for (const char* body : {"", "[]", R"({"tags":{}})", R"({"tags":[7]})", R"({"tags":["a",null]})"}) {
    net::testing::ScriptedTransport here;
    here.on(at("GET"), answer(200));
    here.on(at("GET", "tags/list"), list(body));
    Context with = context();
    with.transport = &here;
    Client client(with);
    const auto found = list_tags(client, app());
    ASSERT_FALSE(found) << body;
    EXPECT_EQ(found.error().code, Code::malformed) << body;
  }
}

TEST_F(ListingTest, AListOfTagsIsWholeOrAnError) {
  http.on(at("GET", "tags/list"), list(R"({"tags":["a"]})", next("https://other.example/v2/app/tags/list")));
  EXPECT_EQ(tags().error().code, Code::malformed);
  http.on(at("GET", "tags/list"), list(R"({"tags":["a"]})", next("/v2/app/tags/list?n=1")));
  http.on(at("GET", "tags/list?n=1"), list(R"({"tags":["a"]})", next("/v2/app/tags/list?n=1")));
  EXPECT_EQ(tags().error().message, "the tags of r.example/app cannot be listed to the end");
  http.on(at("GET", "tags/list"), answer(503));
  EXPECT_EQ(tags().error().code, Code::unavailable);
}

TEST_F(ListingTest, TooManyTags) {
  std::string body = R"({"tags":[)";
  for (int i = 0; i < 50001; ++i) body += "\"t\",";
  body.back() = ']';
  int page = 0;
  http.on(at("GET", "tags/list") + "*", [&](const net::Request&) -> Result<net::Response> {
    return list(body + "}", next("?n=" + std::to_string(++page)));
  });
  EXPECT_EQ(tags().error().code, Code::too_large);
}

}  // namespace
}  // namespace sigstore::remote
