#include "sigstore/remote/registry/manifests.h"

#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using oci::media_type::oci_index;
using oci::media_type::oci_manifest;

const std::string image =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[]})";
const oci::Digest digest = oci::Digest::sha256(image);
const std::string other_digest = "sha256:" + std::string(64, '0');

class ManifestsTest : public ::testing::Test, public testing::HttpFixture {
 protected:
  ManifestsTest() { open_registry(); }

  Client& client() {
    if (!client_) client_.emplace(context());
    return *client_;
  }
  static net::Headers headers(const std::string& said = digest.text()) {
    return {{"Content-Type", std::string(oci_manifest)},
            {"Content-Length", std::to_string(image.size())},
            {"Docker-Content-Digest", said},
            {"ETag", "\"e\""}};
  }
  static oci::Reference tag(const std::string& name = "v1") {
    return oci::Reference::parse("r.example/app:" + name).value();
  }
  static oci::Reference by_digest() {
    return oci::Reference::parse("r.example/app@" + digest.text()).value();
  }
  Error resolve_error(const oci::Reference& reference) {
    const auto resolved = resolve_manifest(client(), reference);
    EXPECT_FALSE(resolved);
    return resolved ? Error{} : resolved.error();
  }
  Error read_error(const std::string& tag_or_digest) {
    const auto content = read_manifest(client(), app(), tag_or_digest);
    EXPECT_FALSE(content);
    return content ? Error{} : content.error();
  }
  Result<PutResult> write(const std::string& tag_or_digest, const Precondition& precondition = {}) {
    return write_manifest(client(), app(), tag_or_digest, oci_manifest, image, precondition);
  }

  const std::string head = at("HEAD", "manifests/v1"), get = at("GET", "manifests/v1"),
                    put = at("PUT", "manifests/v1");

 private:
  std::optional<Client> client_;
};

// --- resolve

TEST_F(ManifestsTest, ATagCostsOneHead) {
  http.on(head, answer(200, headers()));
  const auto resolved = resolve_manifest(client(), tag());
  ASSERT_TRUE(resolved) << resolved.error().text();
  EXPECT_EQ(resolved->digest, digest);
  EXPECT_EQ(resolved->size, image.size());
  EXPECT_EQ(resolved->media_type, oci_manifest);
  EXPECT_EQ(http.requests().size(), 2u);
  for (const auto type :
       {oci_index, oci_manifest, oci::media_type::docker_index, oci::media_type::docker_manifest})
    EXPECT_NE(http.last(head).headers.get("Accept")->find(type), std::string::npos);
}

TEST_F(ManifestsTest, AHeadWithoutAllThatIsNeeded) {
  std::vector<net::Headers> incomplete(5, headers());
  incomplete[0].remove("Docker-Content-Digest");
  incomplete[1].set("Docker-Content-Digest", "sha256:xyz");
  incomplete[2].set("Content-Length", "-1");
  incomplete[3].set("Content-Type", "text/html");
  incomplete[4].remove("Content-Length");
  for (const auto& sent : incomplete) http.on(head, answer(200, sent));
  http.on(get, answer(200, headers(), image));
  for (std::size_t i = 1; i <= incomplete.size(); ++i) {
    const auto resolved = resolve_manifest(client(), tag());
    ASSERT_TRUE(resolved) << i << resolved.error().text();
    EXPECT_EQ(resolved->digest, digest) << i;
    EXPECT_EQ(http.count(get), i);
  }
}

TEST_F(ManifestsTest, ARegistryThatCannotHead) {
  for (const int status : {400, 404, 405, 501}) http.on(head, answer(status));
  http.on(get, answer(200, headers(), image));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(resolve_manifest(client(), tag()));
}

// HEAD has no body to say why.
TEST_F(ManifestsTest, TheReasonOfARefusalIsAskedForWithGet) {
  for (const int status : {401, 403}) {
    http.on(head, answer(status));
    http.on(get, answer(status, {}, R"({"errors":[{"code":"DENIED","message":"not you"}]})"));
    const Error refused = resolve_error(tag());
    EXPECT_EQ(refused.code, status == 401 ? Code::unauthorized : Code::forbidden);
    EXPECT_EQ(refused.cause, "HTTP " + std::to_string(status) + ": DENIED: not you");
  }
}

TEST_F(ManifestsTest, AHeadThatFailsIsNotTakenForAbsent) {
  for (int i = 0; i < 3; ++i) http.on(at("HEAD", "manifests/v2"), answer(503));
  EXPECT_EQ(resolve_error(tag("v2")).code, Code::unavailable);
  EXPECT_EQ(http.count("GET https://r.example/v2/app/*"), 0u);
}

TEST_F(ManifestsTest, AHeadThatNamesAnotherDigestThanWasAsked) {
  http.on(at("HEAD", "manifests/" + digest.text()), answer(200, headers(other_digest)));
  const Error error = resolve_error(by_digest());
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_EQ(error.cause, "expected " + digest.text() + ", got " + other_digest);
}

TEST_F(ManifestsTest, WhichIsMissing) {
  http.on("HEAD *", answer(404));
  http.on(get, answer(404, {}, R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]})"));
  http.on(at("GET", "tags/list?n=1"), answer(200, {}, R"({"tags":["v2"]})"));
  http.on(at("GET", "tags/list?n=1"), answer(404, {}, R"({"errors":[{"code":"NAME_UNKNOWN"}]})"));
  http.on(at("GET", "tags/list?n=1"), answer(404));
  http.on(at("GET", "tags/list?n=1"), answer(403));
  EXPECT_EQ(resolve_error(tag()).message, "tag v1 of r.example/app is not there");
  EXPECT_EQ(resolve_error(tag()).message, "the repository r.example/app is not there");
  EXPECT_EQ(resolve_error(tag()).message, "tag v1 of r.example/app is not there");
  EXPECT_EQ(resolve_error(tag()).message, "tag v1 of r.example/app is not there");
}

TEST_F(ManifestsTest, ARegistryThatSaysThatTheRepositoryIsMissingIsNotAskedForTags) {
  http.on("HEAD *", answer(404));
  http.on(get, answer(404, {}, R"({"errors":[{"code":"NAME_UNKNOWN"}]})"));
  const Error error = resolve_error(tag());
  EXPECT_EQ(error.code, Code::not_found);
  EXPECT_EQ(error.message, "the repository r.example/app is not there");
  EXPECT_EQ(http.count(at("GET", "tags/*")), 0u);
}

// --- read

TEST_F(ManifestsTest, Read) {
  http.on(get, answer(200, headers(), image));
  const auto content = read_manifest(client(), app(), "v1");
  ASSERT_TRUE(content) << content.error().text();
  EXPECT_EQ(content->bytes, image);
  EXPECT_EQ(content->etag, "\"e\"");
  EXPECT_EQ(content->descriptor.digest, digest);
  EXPECT_EQ(content->descriptor.size, image.size());
}

TEST_F(ManifestsTest, TheRegistrysWordForTheDigestIsChecked) {
  http.on(get, answer(200, headers(other_digest), image));
  http.on(get, answer(200, headers("sha256:xyz"), image));
  http.on(get, answer(200, headers("md5:0"), image));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(read_error("v1").code, Code::mismatch);
}

TEST_F(ManifestsTest, WithoutItsWordTheDigestIsComputed) {
  net::Headers sent = headers();
  sent.remove("Docker-Content-Digest");
  http.on(get, answer(200, sent, image));
  EXPECT_EQ(read_manifest(client(), app(), "v1")->descriptor.digest, digest);
}

TEST_F(ManifestsTest, ByDigestOnlyTheBytesCount) {
  const std::string target = at("GET", "manifests/" + digest.text());
  http.on(target, answer(200, headers(other_digest), image));  // a lie that changes nothing
  http.on(target, answer(200, headers(), image + " "));
  EXPECT_TRUE(read_manifest(client(), app(), digest.text()));
  const Error error = read_error(digest.text());
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_EQ(error.cause, "expected " + digest.text() + ", got " + oci::Digest::sha256(image + " ").text());
}

TEST_F(ManifestsTest, Sha512) {
  const std::string wanted =
      "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";  // of nothing
  http.on("GET *", answer(200, headers(), image));
  EXPECT_EQ(read_error(wanted).code, Code::mismatch);
}

TEST_F(ManifestsTest, TooLarge) {
  http.on(get, answer(200, headers(), std::string(limits::manifest_bytes + 1, ' ')));
  const Error error = read_error("v1");
  EXPECT_EQ(error.code, Code::too_large);
  EXPECT_EQ(error.message, "the registry's answer for tag v1 of r.example/app is too large");
}

TEST_F(ManifestsTest, NamesThatWouldBeAnotherRequest) {
  for (const char* name : {"", "..", "../x", "a/b", "a?b", "a#b", "a b", ".a", "-a", "a%2fb", "a\nb",
                           "sha256:x", "sha256:../../x", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"}) {
    const auto content = read_manifest(client(), app(), name);
    ASSERT_FALSE(content) << name;
    const auto written = write(name);
    ASSERT_FALSE(written) << name;
  }
  EXPECT_FALSE(read_manifest(client(), app(), std::string(129, 'a')));
  EXPECT_TRUE(http.requests().empty());
}

TEST_F(ManifestsTest, TheLongestTag) {
  http.on("GET *", answer(404));
  EXPECT_EQ(read_error(std::string(128, 'a')).code, Code::not_found);
}

// --- write

TEST_F(ManifestsTest, Write) {
  http.on(put, answer(201, {{"OCI-Subject", digest.text()}, {"Docker-Content-Digest", digest.text()}}));
  const auto written = write("v1");
  ASSERT_TRUE(written) << written.error().text();
  EXPECT_EQ(written->digest, digest);
  EXPECT_TRUE(written->subject_acknowledged);
  const auto request = http.last(put);
  EXPECT_EQ(request.body, image);
  EXPECT_EQ(request.headers.get("Content-Type"), oci_manifest);
  EXPECT_EQ(request.headers.get("If-Match"), std::nullopt);
  EXPECT_EQ(request.headers.get("If-None-Match"), std::nullopt);
}

TEST_F(ManifestsTest, Conditions) {
  http.on(put, answer(201));
  EXPECT_FALSE(write("v1", {Precondition::Kind::absent, {}})->subject_acknowledged);
  EXPECT_EQ(http.last(put).headers.get("If-None-Match"), "*");
  EXPECT_TRUE(write("v1", {Precondition::Kind::unchanged, "\"e\""}));
  EXPECT_EQ(http.last(put).headers.get("If-Match"), "\"e\"");
}

TEST_F(ManifestsTest, ATagIsNeverWrittenTwice) {
  for (const Error& error :
       {Error{Code::unavailable, "the connection broke", {}, {}}, Error{Code::timeout, "t", {}, {}}})
    http.on(put, error);
  http.on(put, answer(503));
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_FALSE(write("v1"));
    EXPECT_EQ(http.count(put), i);
  }
}

TEST_F(ManifestsTest, ADigestMayBeWrittenAgain) {
  const std::string target = at("PUT", "manifests/" + digest.text());
  http.on(target, Error{Code::unavailable, "the connection broke", {}, {}});
  http.on(target, answer(502));
  http.on(target, answer(201));
  EXPECT_TRUE(write(digest.text()));
  EXPECT_EQ(http.count(target), 3u);
}

TEST_F(ManifestsTest, NotUnderAnotherDigest) {
  const auto written = write(other_digest);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::invalid_argument);
  EXPECT_TRUE(http.requests().empty());
}

TEST_F(ManifestsTest, ARegistryThatStoredSomethingElse) {
  http.on(put, answer(201, {{"Docker-Content-Digest", other_digest}}));
  const auto written = write("v1");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::mismatch);
}

TEST_F(ManifestsTest, A2xxProvesNoConditionA412Does) {
  http.on(put, answer(201));
  http.on(put, answer(412));
  ASSERT_TRUE(write("v1", {Precondition::Kind::absent, {}}));
  EXPECT_FALSE(client().honours_preconditions(host));
  const auto written = write("v1", {Precondition::Kind::absent, {}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::conflict);
  EXPECT_TRUE(client().honours_preconditions(host));
}

TEST_F(ManifestsTest, A412ThatProvesNothing) {
  http.on(put, answer(412));  // to no condition
  http.on(put, answer(412, {}, R"({"errors":[{"message":"tag is immutable"}]})"));
  EXPECT_FALSE(write("v1"));
  EXPECT_FALSE(write("v1", {Precondition::Kind::absent, {}}));
  EXPECT_FALSE(client().honours_preconditions(host));
}

TEST_F(ManifestsTest, OurOwnRegistrySaysThatItDoes) {
  net::Headers sent = headers();
  sent.set("Cosign-Registry", "conditional");
  http.on(get, answer(200, sent, image));
  EXPECT_TRUE(read_manifest(client(), app(), "v1"));
  EXPECT_TRUE(client().honours_preconditions(host));
}

TEST_F(ManifestsTest, WhereItSendsUsToCannotSayThatForIt) {
  net::Headers sent = headers();
  sent.set("Cosign-Registry", "conditional");
  http.on(get, answer(307, {{"Location", "https://cdn.example/m"}}));
  http.on("GET https://cdn.example/m", answer(200, sent, image));
  EXPECT_TRUE(read_manifest(client(), app(), "v1"));
  EXPECT_FALSE(client().honours_preconditions(host));
}

// --- whatever stands there

TEST_F(ManifestsTest, WhatIsNoManifestIsReadAsItIs) {
  const std::string broken = R"({"schemaVersion":2,"manifests":[)";
  const net::Headers sent = {{"Content-Type", "application/vnd.oci.image.index.v1+json; charset=utf-8"},
                             {"Docker-Content-Digest", other_digest},
                             {"ETag", "\"e\""}};
  http.on(get, answer(200, sent, broken));
  EXPECT_FALSE(read_manifest(client(), app(), "v1"));
  const auto read = read_document(client(), app(), "v1").value();
  EXPECT_EQ(read.bytes, broken);
  EXPECT_EQ(read.etag, "\"e\"");
  EXPECT_EQ(read.descriptor.media_type, oci_index);
  EXPECT_EQ(read.descriptor.digest, oci::Digest::sha256(broken)) << "what the registry says is not believed";
  EXPECT_EQ(read.descriptor.size, broken.size());
}

TEST_F(ManifestsTest, WhatIsNotThereIsNoDocument) {
  http.on(get, answer(404));
  EXPECT_EQ(read_document(client(), app(), "v1").error().code, Code::not_found);
}

}  // namespace
}  // namespace sigstore::remote
