#include "sigstore/remote/registry/blobs.h"

#include "sigstore/remote/registry/testing/http_fixture.h"
#include "sigstore/remote/registry/upload.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using testing::authorization;

const std::string content = "the content";
const oci::Digest digest = oci::Digest::sha256(content);

oci::Descriptor descriptor(std::uint64_t size = content.size()) {
  oci::Descriptor wanted;
  wanted.digest = digest;
  wanted.size = size;
  return wanted;
}

class BlobsTest : public ::testing::Test, public testing::HttpFixture {
 protected:
  BlobsTest() { open_registry(); }
  Result<std::string> read(const oci::Descriptor& wanted, std::size_t max = 1000) {
    Client client(context());
    return read_blob(client, app(), wanted, max);
  }
  Result<void> push(std::string_view bytes = content) {
    Client client(context());
    return push_blob_text(client, app(), digest, bytes);
  }
  // A registry that lacks the blob, begins an upload at `location` and takes what is PUT to `finish`.
  void takes_uploads(const std::string& location = "/v2/app/blobs/uploads/1?state=x",
                     const std::string& finish = "https://r.example/v2/app/blobs/uploads/1?state=x&") {
    http.on("HEAD *", answer(404));
    http.on(start, answer(202, {{"Location", location}}));
    http.on(end(finish), answer(201));
  }
  static std::string end(const std::string& place) {
    return "PUT " + place + "digest=" + net::percent_encode(digest.text());
  }

  const std::string blob = at("GET", "blobs/" + digest.text());
  const std::string start = at("POST", "blobs/uploads/");
  const std::string first_end = end("https://r.example/v2/app/blobs/uploads/1?state=x&");
};

// --- reading

TEST_F(BlobsTest, Read) {
  http.on(blob, answer(200, {}, content));
  EXPECT_EQ(read(descriptor()), content);
}

TEST_F(BlobsTest, OtherBytes) {
  http.on(blob, answer(200, {}, "the CONTENT"));
  const auto got = read(descriptor());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::mismatch);
  EXPECT_NE(got.error().cause.find("expected " + digest.text()), std::string::npos);
}

TEST_F(BlobsTest, FewerAndMoreBytes) {
  http.on(blob, answer(200, {}, content));
  for (const std::uint64_t size : {content.size() - 1, content.size() + 1, std::size_t{0}}) {
    const auto got = read(descriptor(size));
    ASSERT_FALSE(got) << size;
    EXPECT_EQ(got.error().code, Code::mismatch) << size;
  }
}

TEST_F(BlobsTest, NoMoreIsTakenThanWasSaid) {
  http.on(blob, answer(200, {}, content));
  read(descriptor());
  EXPECT_EQ(http.last(blob).max_body, content.size());
}

TEST_F(BlobsTest, WhatIsTooLargeIsNotAskedFor) {
  const auto got = read(descriptor(1001));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::too_large);
  EXPECT_TRUE(http.requests().empty());
}

TEST_F(BlobsTest, NothingWithoutADigest) {
  const auto got = read({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::invalid_argument);
}

TEST_F(BlobsTest, TheEmptyBlob) {
  oci::Descriptor wanted;
  wanted.digest = oci::Digest::sha256("");
  http.on("GET *", answer(200));
  EXPECT_EQ(read(wanted), "");
}

TEST_F(BlobsTest, NotThere) {
  http.on(blob, answer(404, {}, R"({"errors":[{"code":"BLOB_UNKNOWN"}]})"));
  const auto got = read(descriptor());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::not_found);
  EXPECT_EQ(got.error().message, "blob r.example/app@" + digest.text() + " is not there");
}

TEST_F(BlobsTest, ReadIsRepeated) {
  http.on(blob, answer(502));
  http.on(blob, Error{Code::unavailable, "the connection broke", {}, {}});
  http.on(blob, answer(200, {}, content));
  EXPECT_EQ(read(descriptor()), content);
}

// --- writing

TEST_F(BlobsTest, WhatIsThereIsNotSent) {
  http.on(at("HEAD", "blobs/" + digest.text()), answer(200));
  EXPECT_TRUE(push());
  EXPECT_EQ(http.count("POST *") + http.count("PUT *"), 0u);
}

TEST_F(BlobsTest, InOnePiece) {
  takes_uploads();
  EXPECT_TRUE(push());
  EXPECT_EQ(http.last(first_end).body, content);
  EXPECT_EQ(http.last(first_end).headers.get("Content-Type"), "application/octet-stream");
  EXPECT_EQ(http.requests().size(), 4u);  // ping, HEAD, POST, PUT
}

TEST_F(BlobsTest, WrongContentIsNotSent) {
  const auto pushed = push("other");
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::invalid_argument);
  EXPECT_TRUE(http.requests().empty());
}

TEST_F(BlobsTest, ALocationWithoutAQuery) {
  takes_uploads("https://r.example/u/1", "https://r.example/u/1?");
  EXPECT_TRUE(push());
}

TEST_F(BlobsTest, ALocationRelativeToTheUpload) {
  takes_uploads("1", "https://r.example/v2/app/blobs/uploads/1?");
  EXPECT_TRUE(push());
}

TEST_F(BlobsTest, TheCredentialsStayWithTheRegistry) {
  credentials.add(host, "dev", "s3cret");
  net::testing::ScriptedTransport& server = http;
  server.on("HEAD *", answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}}));
  server.on("HEAD *", answer(404));
  for (const char* place : {"https://storage.example/u?", "https://r.example:8443/u?"}) {
    server.on(start, answer(202, {{"Location", place}}));
    server.on(end(place), answer(201));
    EXPECT_TRUE(push()) << place;
    EXPECT_EQ(authorization(server.last(end(place))), "") << place;
    EXPECT_EQ(server.last(end(place)).body, content);
  }
}

TEST_F(BlobsTest, FromTlsToPlainHttpNothingIsSent) {
  takes_uploads("http://r.example/u");
  http.on("PUT http://*", answer(201));
  const auto pushed = push();
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::tls);
  EXPECT_NE(pushed.error().hint.find("X-Forwarded-Proto"), std::string::npos);
  EXPECT_EQ(http.count("PUT *"), 0u);
}

TEST_F(BlobsTest, NoLocation) {
  http.on("HEAD *", answer(404));
  http.on(start, answer(202));
  const auto pushed = push();
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::malformed);
  EXPECT_EQ(pushed.error().cause, "its answer to an upload has no Location");
}

TEST_F(BlobsTest, ALocationThatIsNoUrl) {
  takes_uploads("ftp://r.example/u");
  const auto pushed = push();
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::malformed);
}

TEST_F(BlobsTest, ARegistryThatWantsTwoSteps) {
  http.on("HEAD *", answer(404));
  http.on(start, answer(202, {{"Location", "/u/1"}}));
  http.on(start, answer(202, {{"Location", "/u/2"}}));
  http.on(end("https://r.example/u/1?"), answer(405));
  http.on("PATCH https://r.example/u/2", answer(202, {{"Location", "/u/2?part=1"}}));
  http.on(end("https://r.example/u/2?part=1&"), answer(201));
  EXPECT_TRUE(push());
  EXPECT_EQ(http.last("PATCH *").body, content);
  EXPECT_EQ(http.last("PUT https://r.example/u/2*").body, "");
}

TEST_F(BlobsTest, ASessionThatBreaksIsBegunAnewOnce) {
  http.on("HEAD *", answer(404));
  http.on(start, answer(202, {{"Location", "/u/1?"}}));
  http.on(start, answer(202, {{"Location", "/u/2?"}}));
  http.on(end("https://r.example/u/1?"), Error{Code::unavailable, "the connection broke", {}, {}});
  http.on(end("https://r.example/u/2?"), answer(201));
  EXPECT_TRUE(push());
  EXPECT_EQ(http.count("POST *"), 2u);
  EXPECT_EQ(fake.clock.sleeps().size(), 1u);
}

TEST_F(BlobsTest, ASessionThatBreaksAgainIsTheError) {
  takes_uploads();
  net::testing::ScriptedTransport& server = http;
  server.on(first_end, answer(503));  // comes after the 201 of takes_uploads(): the first one succeeds
  EXPECT_TRUE(push());
  const auto pushed = push();
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::unavailable);
  EXPECT_EQ(server.count("POST *"), 3u);
}

TEST_F(BlobsTest, NoPartOfAnUploadIsRepeatedByItself) {
  http.on("HEAD *", answer(404));
  http.on(start, answer(503));
  const auto pushed = push();
  ASSERT_FALSE(pushed);
  EXPECT_EQ(http.count("POST *"), 2u);  // two sessions, one try each
}

TEST_F(BlobsTest, APermissionThatIsMissingIsNotTriedInOtherForms) {
  credentials.add(host, "dev", "s3cret");
  http.on("HEAD *", answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}}));
  http.on("HEAD *", answer(404));
  http.on(start, answer(403, {}, R"({"errors":[{"code":"DENIED"}]})"));
  const auto pushed = push();
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::forbidden);
  EXPECT_EQ(http.count("POST *"), 1u);
}

TEST_F(BlobsTest, RefusedAtTheEnd) {
  http.on("HEAD *", answer(404));
  http.on(start, answer(202, {{"Location", "/u/1?"}}));
  http.on("PUT *", answer(413));
  const auto pushed = push();
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Code::too_large);
  EXPECT_EQ(http.count("PATCH *"), 0u);
}

TEST_F(BlobsTest, AHeadThatFailsEndsIt) {
  for (const int status : {429, 500, 503}) {
    net::testing::ScriptedTransport here;
    here.on(at("GET"), answer(200));
    here.on("HEAD *", answer(status));
    Context with = context();
    with.transport = &here;
    Client client(with);
    EXPECT_FALSE(push_blob_text(client, app(), digest, content)) << status;
    EXPECT_EQ(here.count("POST *"), 0u) << status;
  }
}

// Some registries say so of whatever is not there.
TEST_F(BlobsTest, AHeadThatIsNotAllowedLeavesTheWordToTheUpload) {
  for (const int status : {401, 403}) {
    net::testing::ScriptedTransport here;
    here.on(at("GET"), answer(200));
    here.on("HEAD *", answer(status));
    here.on("POST *", answer(202, {{"Location", "/u/1?"}}));
    here.on("PUT *", answer(201));
    Context with = context();
    with.transport = &here;
    Client client(with);
    EXPECT_TRUE(push_blob_text(client, app(), digest, content)) << status;
  }
}

TEST_F(BlobsTest, WhatIsRefusedForBeingAskedTooOftenIsAskedAgain) {
  http.on("HEAD *", answer(404));
  http.on(start, answer(429, {{"Retry-After", "0"}}));
  http.on(start, answer(202, {{"Location", "/u/1?"}}));
  http.on("PUT *", answer(429, {{"Retry-After", "0"}}));
  http.on("PUT *", answer(201));
  EXPECT_TRUE(push());
  EXPECT_EQ(http.count("POST *"), 2u);
  EXPECT_EQ(http.count("PUT *"), 2u);
}

}  // namespace
}  // namespace sigstore::remote
