#include "sigstore/oci/reference.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "sigstore/base/testing/testdata.h"

namespace sigstore::oci {
namespace {

const std::string sha256 = "sha256:" + std::string(64, 'a');
const std::string sha512 = "sha512:" + std::string(128, 'b');

std::string read(const std::string& typed) {
  const auto reference = Reference::parse(typed);
  return reference ? reference->text() : "-";
}

Error refusal(const std::string& typed) {
  const auto reference = Reference::parse(typed);
  return reference ? Error{Code::internal, "accepted", {}, {}} : reference.error();
}

// --- foreign: what cosign 3.1.2 makes of them

// Accepted there and refused here: no registry has such names, so the mistake is said before anything is
// asked.
const std::set<std::string> stricter = {
    "foo//bar",
    "foo/_bar",
    "foo/bar-",
    "/foo/bar",
    "foo/bar/",
    "foo/bar:-x",
    "host.example:99999/app",
    "host.example:0/app",
    "host.example:/app",
    "https://host.example/app",
};

TEST(Reference, ReadsWhatRealCosignReads) {
  std::istringstream rows(fakes::read_testdata(TESTDATA "/references.txt"));
  std::string row;
  int compared = 0;
  while (std::getline(rows, row)) {
    if (row.starts_with('#')) continue;
    const auto tab = row.find('\t');
    ASSERT_NE(tab, std::string::npos) << row;
    const std::string typed = row.substr(0, tab), expected = row.substr(tab + 1);
    const bool ours_alone = typed.contains("@sha512:");  // real cosign knows SHA-256 only
    const bool theirs_alone = stricter.contains(typed.substr(0, typed.find('@')));
    EXPECT_EQ(read(typed), ours_alone ? "index.docker.io/" + typed : theirs_alone ? "-" : expected) << typed;
    ++compared;
  }
  EXPECT_EQ(compared, 51);
}

// --- the parts

TEST(Reference, DockerHubIsTheRegistryThatIsImplied) {
  const auto nginx = *Reference::parse("nginx");
  EXPECT_EQ(nginx.repository, (Repository{"index.docker.io", "library/nginx"}));
  EXPECT_EQ(nginx.tag, "latest");
  EXPECT_EQ(nginx.digest, std::nullopt);
  EXPECT_TRUE(nginx.registry_implied);
  EXPECT_EQ(nginx.typed, "nginx");
  EXPECT_EQ(nginx.text(), "index.docker.io/library/nginx:latest");
  EXPECT_FALSE(Reference::parse("docker.io/nginx")->registry_implied);
  EXPECT_EQ(Reference::parse("bitnami/nginx")->repository.path, "bitnami/nginx");
}

// `host:5000` alone is a repository with a tag, as in ggcr: a registry needs a slash behind it.
TEST(Reference, AColonBehindTheLastSlashBeginsTheTag) {
  EXPECT_EQ(read("localhost:5000"), "index.docker.io/library/localhost:5000");
  EXPECT_EQ(read("localhost:5000/app"), "localhost:5000/app:latest");
  EXPECT_EQ(read("localhost:5000/app:1.0"), "localhost:5000/app:1.0");
  EXPECT_EQ(read("[::1]:5000/app:1.0"), "[::1]:5000/app:1.0");
  EXPECT_EQ(read("[::1]/app"), "[::1]/app:latest");
}

TEST(Reference, TheDigestWinsOverTheTag) {
  const auto both = *Reference::parse("r.example/app:1.0@" + sha256);
  EXPECT_EQ(both.tag, "1.0");
  EXPECT_EQ(both.digest->text(), sha256);
  EXPECT_EQ(both.tag_or_digest(), sha256);
  EXPECT_EQ(both.text(), "r.example/app@" + sha256);
  EXPECT_EQ(Reference::parse("r.example/app@" + sha256)->tag, std::nullopt);
  EXPECT_EQ(Reference::parse("r.example/app")->tag_or_digest(), "latest");
}

TEST(Reference, EachRefusalNamesTheRule) {
  const std::pair<std::string, std::string> rows[] = {
      {"", "it is empty"},
      {"r.example/App", "upper-case"},
      {"r.example/a", "2 to 255 characters, this has 1"},
      {"r.example/" + std::string(256, 'x'), "this has 256"},
      {"r.example/a!b", "holds the character \"!\""},
      {"r.example/app:", "the tag after the colon is empty"},
      {"r.example/app:" + std::string(129, 't'), "more than 128"},
      {"r.example/app:.x", "begin with no . or -"},
      {"r.example:70000/app", "no valid port"},
      {"r.example:5000x/app", "no valid port"},
      {"[::1/app", "lacks its ]"},
      {"[localhost]:5000/app", "not an IPv6 address"},
      {"[::1]x/app", "not the name of a registry"},
      {"https://r.example/app", "has no scheme"},
      {"r.example/app 1", "space or control character"},
      {"r.example/app\x1b[2J", "space or control character"},
      {"r.example/a//b", "empty part between slashes"},
      {"r.example/app@sha256:abc", "64 hex digits, this has 3"},
      {"r.example/app@", "sha256:0123abcd"},
      {"r.example/app@md5:d41d8cd98f00b204e9800998ecf8427e", "sha256 or sha512"},
  };
  for (const auto& [typed, rule] : rows) {
    const Error error = refusal(typed);
    EXPECT_EQ(error.code, Code::malformed) << typed;
    EXPECT_NE(error.text().find(rule), std::string::npos) << typed << ": " << error.text();
  }
}

TEST(Reference, LengthIsBounded) {
  EXPECT_EQ(refusal(std::string(5000, 'a')).code, Code::too_large);
}

TEST(Reference, TheMessageStaysShortAndPrintable) {
  const Error error = refusal("r.example/" + std::string(3000, 'x'));
  EXPECT_LT(error.text().size(), 500u);
}

// What is printed can be typed: also where "library/" made the name longer.
TEST(Reference, TheImpliedNamespaceCounts) {
  EXPECT_EQ(read(std::string(247, 'x')), "index.docker.io/library/" + std::string(247, 'x') + ":latest");
  EXPECT_EQ(refusal(std::string(248, 'x')).code, Code::malformed);
}

// --- repositories

TEST(Repository, IsAReferenceWithoutTagAndDigest) {
  EXPECT_EQ(Repository::parse("r.example/team/app")->text(), "r.example/team/app");
  EXPECT_EQ(Repository::parse("nginx")->text(), "index.docker.io/library/nginx");
  EXPECT_EQ(Repository::parse("r.example/app:1.0").error().code, Code::malformed);
  EXPECT_EQ(Repository::parse("r.example/app@" + sha256).error().code, Code::malformed);
  EXPECT_EQ(digest_reference({"r.example", "app"}, *Digest::parse(sha256)), "r.example/app@" + sha256);
}

}  // namespace
}  // namespace sigstore::oci
