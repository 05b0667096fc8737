#include "sigstore/remote/registry/failure.h"

#include "sigstore/base/limits.h"

namespace sigstore::remote {
namespace {

const std::string denied = R"({"errors":[{"code":"DENIED","message":"requested access is denied"}]})";

Refusal refused(int status, std::string_view body = {}) {
  Refusal result;
  result.status = status;
  result.body = body;
  result.repository = {"r.example", "team/app"};
  result.subject = "tag v1 of r.example/team/app";
  return result;
}

Refusal as_dev(Refusal refused) {
  refused.with_credentials = true;
  refused.user = "dev (from config.json)";
  return refused;
}

Refusal by_password(Refusal refused) {
  refused = as_dev(std::move(refused));
  refused.by_password = true;
  return refused;
}

Refusal pushing(Refusal refused) {
  refused.access = Access::push;
  return refused;
}

TEST(ErrorBody, TheSpecificationsDocument) {
  const auto errors = parse_error_body(
      R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"v1"}}, {"code":"X"}]})");
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].code, "MANIFEST_UNKNOWN");
  EXPECT_EQ(errors[0].message, "manifest unknown");
  EXPECT_EQ(errors[1].code, "X");
}

TEST(ErrorBody, TokenServers) {
  EXPECT_EQ(status_text(401, R"({"error":"invalid_grant","error_description":"expired"})"),
            "HTTP 401: invalid_grant: expired");
  EXPECT_EQ(status_text(401, R"({"details":"incorrect username or password"})"),
            "HTTP 401: incorrect username or password");
}

TEST(ErrorBody, AnythingElseIsNoErrorDocument) {
  for (const char* body : {"", "<html>", "[]", "7", "{}", R"({"errors":{}})", R"({"errors":[7,null,"x",{}]})",
                           R"({"errors":[{"code":7,"message":[]}]})", R"({"error":{}})"})
    EXPECT_TRUE(parse_error_body(body).empty()) << body;
  EXPECT_EQ(status_text(502, "<html>"), "HTTP 502");
}

TEST(ErrorBody, BoundedAndPrintable) {
  std::string many = R"({"errors":[)";
  for (int i = 0; i < 500; ++i) many += R"({"code":"C","message":"m"},)";
  many.back() = ']';
  EXPECT_EQ(parse_error_body(many + "}").size(), 3u);

  const auto long_one =
      parse_error_body(R"({"errors":[{"code":"C","message":")" + std::string(5000, 'x') + "\"}]}");
  ASSERT_EQ(long_one.size(), 1u);
  EXPECT_LT(long_one[0].message.size(), 310u);

  const auto nasty = parse_error_body(R"({"errors":[{"message":"a\u001b[31m\nb\u0000"}]})");
  ASSERT_EQ(nasty.size(), 1u);
  EXPECT_EQ(nasty[0].message, "a [31m b ");

  EXPECT_TRUE(parse_error_body(std::string(limits::error_body_bytes * 2, '[')).empty());
}

TEST(Refusal, NotLoggedIn) {
  const Error error =
      refusal(refused(401, R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})"));
  EXPECT_EQ(error.code, Code::unauthorized);
  EXPECT_EQ(error.message, "not logged in to r.example");
  EXPECT_EQ(error.cause, "HTTP 401: UNAUTHORIZED: authentication required");
  EXPECT_EQ(error.hint, "cosign login r.example");
}

TEST(Refusal, AWrongPassword) {
  const Error error = refusal(by_password(refused(401)));
  EXPECT_EQ(error.code, Code::unauthorized);
  EXPECT_EQ(error.message, "r.example does not accept the credentials of dev (from config.json)");
}

TEST(Refusal, LoggedInWithoutThePermissionWhichIsNamed) {
  const Error push = refusal(as_dev(pushing(refused(403, denied))));
  EXPECT_EQ(push.code, Code::forbidden);
  EXPECT_EQ(push.message, "no permission to push to r.example/team/app as dev (from config.json)");
  EXPECT_EQ(push.cause, "HTTP 403: DENIED: requested access is denied");
  EXPECT_EQ(push.hint,
            "ask whoever runs r.example for it, or log in as somebody else: cosign login r.example");
  EXPECT_EQ(refusal(as_dev(refused(403))).message,
            "no permission to pull from r.example/team/app as dev (from config.json)");
}

// A token was handed out for the password, so the password is right; the token is not enough.
TEST(Refusal, A401AfterATokenIsAPermission) {
  const Error error = refusal(as_dev(pushing(refused(401))));
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_EQ(error.message, "no permission to push to r.example/team/app as dev (from config.json)");
}

TEST(Refusal, ForbiddenToStrangers) {
  const Error error = refusal(refused(403));
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_EQ(error.message, "no permission to pull from r.example/team/app without logging in");
  EXPECT_EQ(error.hint, "cosign login r.example; or check the name: this may also mean that it is not there");
  EXPECT_EQ(refusal(pushing(refused(403))).hint, "cosign login r.example");
}

TEST(Refusal, WhatIsNotThere) {
  EXPECT_EQ(refusal(refused(404)).code, Code::not_found);
  EXPECT_EQ(refusal(refused(404)).message, "tag v1 of r.example/team/app is not there");
  EXPECT_EQ(refusal(refused(404, R"({"errors":[{"code":"NAME_UNKNOWN"}]})")).message,
            "the repository r.example/team/app is not there");
  const Error push = refusal(pushing(refused(404)));
  EXPECT_EQ(push.message, "the repository r.example/team/app is not there");
  EXPECT_EQ(push.hint, "make the repository (or its project) first: this registry does not do so on a push");
}

TEST(Refusal, Conflicts) {
  EXPECT_EQ(refusal(pushing(refused(412))).code, Code::conflict);
  EXPECT_EQ(refusal(pushing(refused(412))).message, "tag v1 of r.example/team/app has changed meanwhile");
  for (const int status : {400, 403, 405, 409, 412}) {
    const Error error = refusal(as_dev(
        pushing(refused(status, R"({"errors":[{"code":"DENIED","message":"Tag is Immutable here"}]})"))));
    EXPECT_EQ(error.code, Code::conflict) << status;
    EXPECT_EQ(error.message, "tag v1 of r.example/team/app is immutable") << status;
  }
  // Only a push can meet an immutable tag, and a broken server proves nothing.
  EXPECT_EQ(refusal(refused(403, R"({"errors":[{"message":"immutable"}]})")).code, Code::forbidden);
  EXPECT_EQ(refusal(pushing(refused(500, R"({"errors":[{"message":"immutable"}]})"))).code,
            Code::unavailable);
}

TEST(Refusal, LaterPerhaps) {
  for (const int status : {408, 429, 500, 502, 503, 504})
    EXPECT_EQ(refusal(refused(status)).code, Code::unavailable) << status;
  EXPECT_EQ(refusal(refused(429)).hint, "wait a while, or log in: cosign login r.example");
  EXPECT_EQ(refusal(as_dev(refused(429))).hint, "wait a while");
}

TEST(Refusal, TheRest) {
  EXPECT_EQ(refusal(pushing(refused(413))).code, Code::too_large);
  EXPECT_EQ(refusal(pushing(refused(400))).message, "r.example does not take tag v1 of r.example/team/app");
  for (const int status : {204, 301, 400, 405, 416, 418})
    EXPECT_EQ(refusal(refused(status)).code, Code::unsupported) << status;
}

}  // namespace
}  // namespace sigstore::remote
