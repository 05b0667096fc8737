#include "server/registry/failure.h"

#include <gtest/gtest.h>

namespace server::registry {
namespace {

using sigstore::Code;
using sigstore::Error;

TEST(Failure, IsAnErrorBodyOfTheSpecification) {
  const auto response = to_response({404, "BLOB_UNKNOWN", "there is no such blob", {"sha256:00"}});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(*response.text,
            R"({"errors":[{"code":"BLOB_UNKNOWN","message":"there is no such blob","detail":"sha256:00"}]})");
}

TEST(Failure, MayHaveMoreThanOneError) {
  EXPECT_EQ(
      *to_response({404, "X", "m", {"a", "b"}}).text,
      R"({"errors":[{"code":"X","message":"m","detail":"a"},{"code":"X","message":"m","detail":"b"}]})");
  EXPECT_EQ(*to_response({404, "X", "m"}).text, R"({"errors":[{"code":"X","message":"m"}]})");
}

TEST(Failure, WhatAClientSentComesBackAsTextAndShort) {
  const auto refused = refuse(400, "X", "m", "\x1b[2J\xff" + std::string(1'000'000, 'a'));
  const std::string text = *to_response(refused.error()).text;
  EXPECT_LT(text.size(), 1000U);
  EXPECT_NE(text.find("\\xff"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Failure, WhoIsStillSendingAtTheEndIsToldSoAndNobodyIsTroubled) {
  const Failure failure(Error{Code::unavailable, "the server is stopping", {}, {}});
  EXPECT_EQ(failure.status, 503);
  EXPECT_EQ(failure.message, "the server is stopping");
  EXPECT_EQ(failure.trouble, "");
}

TEST(Failure, AMethodThatIsNotAllowedSaysWhichAre) {
  const auto response = to_response(not_here({.method = "BREW"}, "GET, HEAD").error());
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.get("Allow"), "GET, HEAD");
  EXPECT_NE(response.text->find("BREW"), std::string::npos);
}

TEST(Failure, WhatGoesWrongBelowHasItsStatus) {
  const std::vector<std::pair<Code, int>> statuses = {
      {Code::disk_full, 507},   {Code::too_large, 413}, {Code::timeout, 408}, {Code::malformed, 400},
      {Code::unreachable, 400}, {Code::mismatch, 400},  {Code::io, 500},      {Code::not_found, 500}};
  for (const auto& [code, status] : statuses) EXPECT_EQ(Failure(Error{code, "m", "c", ""}).status, status);
}

TEST(Failure, WhatIsLostIsNeverTheClientsFault) {
  EXPECT_EQ(Failure::lost({Code::mismatch, "m", "c", ""}).status, 500);
  EXPECT_EQ(Failure::lost({Code::not_found, "m", "c", ""}).trouble, "m: c");
}

TEST(Failure, PathsOfThisMachineAreNobodysBusiness) {
  const Failure failure(
      Error{Code::io, "cannot write /srv/registry/x", "/srv/registry/x: permission denied", ""});
  EXPECT_EQ(to_response(failure).text->find("/srv"), std::string::npos);
}

}  // namespace
}  // namespace server::registry
