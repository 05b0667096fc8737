// Sources, mounts and deletes; what uploads have in common stands in blobs_test.cc.
#include "sigstore/remote/registry/upload.h"

#include "sigstore/remote/registry/blobs.h"
#include "sigstore/remote/registry/manifests.h"
#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using testing::authorization;

const std::string content = "the content";
const oci::Digest digest = oci::Digest::sha256(content);

struct UploadTest : ::testing::Test, testing::ClientFixture {
  UploadTest() { http.on("HEAD *", answer(404)); }

  int opened = 0;
  Result<Arrival> upload(const std::optional<oci::Repository>& from = {}) {
    const ByteSource source{content.size(), [this]() -> Result<std::unique_ptr<FileReader>> {
                              ++opened;
                              return read_text(content);
                            }};
    return upload_blob(client(), app(), digest, source, from);
  }
  static oci::Repository other() { return {host, "base/image"}; }

  const std::string start = at("POST", "blobs/uploads/");
  const std::string mount =
      start + "?mount=" + net::percent_encode(digest.text()) + "&from=" + net::percent_encode("base/image");
};

TEST_F(UploadTest, WhatIsThereIsNotOpened) {
  open_registry();
  net::testing::ScriptedTransport here;
  here.on("GET *", answer(200));
  here.on("HEAD *", answer(200));
  Context with = context();
  with.transport = &here;
  Client to(with);
  const ByteSource source{1, [this]() -> Result<std::unique_ptr<FileReader>> {
                            ++opened;
                            return fail(Code::internal, "opened");
                          }};
  EXPECT_EQ(upload_blob(to, app(), digest, source, other()), Arrival::there_already);
  EXPECT_EQ(opened, 0);
}

TEST_F(UploadTest, EachTryOpensTheSource) {
  open_registry();
  http.on(start, answer(202, {{"Location", "/u/1?"}}));
  http.on("PUT *", Error{Code::unavailable, "the connection broke", {}, {}});
  http.on("PUT *", answer(201));
  EXPECT_EQ(upload(), Arrival::uploaded);
  EXPECT_EQ(opened, 2);
  EXPECT_EQ(http.last("PUT *").body, content);
}

TEST_F(UploadTest, ASourceThatFailsIsTheError) {
  open_registry();
  http.on(start, answer(202, {{"Location", "/u/1?"}}));
  http.on("PUT *", answer(201));
  const ByteSource source{5, []() -> Result<std::unique_ptr<FileReader>> {
                            return fail(Code::mismatch, "the file has changed");
                          }};
  const auto done = upload_blob(client(), app(), digest, source);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "the file has changed");
}

TEST_F(UploadTest, MountedFromAnotherRepository) {
  open_registry();
  http.on(mount, answer(201));
  EXPECT_EQ(upload(other()), Arrival::mounted);
  EXPECT_EQ(opened, 0);
  EXPECT_EQ(http.count("POST *"), 1U);
}

TEST_F(UploadTest, AMountThatBeginsAnUploadIsUsedForIt) {
  open_registry();
  http.on(mount, answer(202, {{"Location", "/u/1?"}}));
  http.on("PUT https://r.example/u/1?*", answer(201));
  EXPECT_EQ(upload(other()), Arrival::uploaded);
  EXPECT_EQ(http.count("POST *"), 1U);
  EXPECT_EQ(http.last("PUT *").body, content);
}

TEST_F(UploadTest, AMountThatIsRefusedIsNoReasonNotToSend) {
  open_registry();
  for (const int status : {403, 404, 405}) {
    http.on(mount, answer(status));
    http.on(start, answer(202, {{"Location", "/u/1?"}}));
    http.on("PUT *", answer(201));
    EXPECT_EQ(upload(other()), Arrival::uploaded) << status;
  }
}

TEST_F(UploadTest, NothingIsMountedFromElsewhere) {
  open_registry();
  http.on(start, answer(202, {{"Location", "/u/1?"}}));
  http.on("PUT *", answer(201));
  EXPECT_EQ(upload(oci::Repository{"other.example", "base/image"}), Arrival::uploaded);
  EXPECT_EQ(upload(app()), Arrival::uploaded);
  EXPECT_EQ(http.count("*mount=*"), 0U);
}

TEST_F(UploadTest, TheTokenOfAMountNamesBoth) {
  bearer_registry();
  http.on("HEAD *", answer(404));
  http.on(mount, answer(201));
  needs_token(mount);
  ASSERT_TRUE(upload(other()));
  std::string scopes;
  for (const auto& line : http.log())
    if (line.starts_with("GET https://auth.example/token")) scopes += line + "\n";
  EXPECT_NE(scopes.find("scope=repository%3Aapp%3Apull%2Cpush&scope=repository%3Abase%2Fimage%3Apull\n"),
            std::string::npos)
      << scopes;
}

TEST_F(UploadTest, ATokenServerThatRefusesBothIsAskedForOne) {
  bearer_registry();
  http.on("HEAD *", answer(404));
  http.on(
      "GET https://auth.example/token?service=r.example&scope=repository%3Aapp%3Apull%2Cpush"
      "&scope=repository%3Abase%2Fimage%3Apull",
      answer(403, {}, R"({"errors":[{"code":"DENIED"}]})"));
  needs_token(mount);
  http.on(start, [](const net::Request& request) {
    if (authorization(request).empty()) return answer(401, bearer_challenge());
    return answer(202, {{"Location", "/u/1?"}});
  });
  http.on("PUT *", answer(201));
  const auto done = upload(other());
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(*done, Arrival::uploaded) << "what cannot be mounted is sent";
}

TEST_F(UploadTest, WhetherABlobIsThere) {
  open_registry();
  EXPECT_EQ(find_blob(client(), app(), digest), false);
  net::testing::ScriptedTransport here;
  here.on("GET *", answer(200));
  here.on("HEAD *", answer(200));
  here.on("HEAD *", answer(403));
  Context with = context();
  with.transport = &here;
  Client to(with);
  EXPECT_EQ(find_blob(to, app(), digest), true);
  EXPECT_EQ(find_blob(to, app(), digest).error().code, Code::forbidden);
}

TEST_F(UploadTest, Deleting) {
  open_registry();
  const std::string target = at("DELETE", "manifests/old");
  http.on(target, answer(202));
  EXPECT_TRUE(remove_manifest(client(), app(), "old"));
  const auto code_of = [&](int status) {
    http.on(at("DELETE", "manifests/s" + std::to_string(status)), answer(status));
    const auto done = remove_manifest(client(), app(), "s" + std::to_string(status));
    return done ? Code::internal : done.error().code;
  };
  EXPECT_EQ(code_of(404), Code::not_found);
  EXPECT_EQ(code_of(405), Code::unsupported);
  EXPECT_EQ(code_of(400), Code::unsupported);
  EXPECT_EQ(code_of(403), Code::forbidden);
  EXPECT_EQ(code_of(500), Code::unavailable);
  EXPECT_EQ(remove_manifest(client(), app(), "../x").error().code, Code::invalid_argument);
}

TEST_F(UploadTest, DeletingABlob) {
  open_registry();
  const std::string target = at("DELETE", "blobs/" + digest.text());
  http.on(target, answer(202));
  EXPECT_TRUE(remove_blob(client(), app(), digest));
  http.on(target, answer(404));
  EXPECT_EQ(remove_blob(client(), app(), digest).error().code, Code::not_found);
  http.on(target, answer(405, {}, R"({"errors":[{"code":"UNSUPPORTED"}]})"));
  const auto refused = remove_blob(client(), app(), digest);
  EXPECT_EQ(refused.error().code, Code::unsupported);
  EXPECT_EQ(refused.error().message, "r.example does not delete blob r.example/app@" + digest.text());
}

TEST_F(UploadTest, TheTokenOfADeleteSaysSo) {
  bearer_registry();
  const std::string target = at("DELETE", "manifests/old");
  http.on(target, answer(202));
  needs_token(target);
  ASSERT_TRUE(remove_manifest(client(), app(), "old"));
  bool asked = false;
  for (const auto& line : http.log())
    asked = asked || line.find("scope=repository%3Aapp%3Apull%2Cpush%2Cdelete") != std::string::npos;
  EXPECT_TRUE(asked);
}

}  // namespace
}  // namespace sigstore::remote
