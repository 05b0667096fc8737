#include "sigstore/remote/rekor/rekor.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/net/testing/scripted_transport.h"
#include "sigstore/tlog/merkle.h"

namespace sigstore::remote {
namespace {

namespace json = codec::json;
using net::testing::answer;
using net::testing::ScriptedTransport;

const std::string body = R"({"apiVersion":"0.0.1","kind":"hashedrekord","spec":{}})";
const std::string tree(16, '1');

std::string uuid_of(const std::string& text) {
  return codec::hex::encode(tlog::leaf_hash(as_bytes(text)));
}

// A map of one entry, as Rekor answers it; alone in its tree.
std::string entry_text(int index = 7, const std::string& text = body, const std::string& name = {}) {
  const std::string own = uuid_of(text);
  return "{\"" + (name.empty() ? tree + own : name) + R"(":{"body":")" +
         codec::base64::encode(as_bytes(text)) + R"(","integratedTime":1700000000,"logID":")" +
         std::string(64, 'a') + R"(","logIndex":)" + std::to_string(index) +
         R"(,"verification":{"inclusionProof":{"checkpoint":"note\n","hashes":[],"logIndex":0,"rootHash":")" +
         own + R"(","treeSize":1},"signedEntryTimestamp":"c2V0"}}})";
}

class RekorTest : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  ScriptedTransport transport;
  std::string by_index = "GET https://rekor.example/base/api/v1/log/entries?logIndex=7";
  std::string retrieve = "POST https://rekor.example/base/api/v1/log/entries/retrieve";
  tlog::LoggedDigest digest{crypto::HashAlgorithm::sha256, Bytes(32, 1)};
  tlog::LoggedSignature signature{to_bytes("sig"), {}, to_bytes("key")};

  Rekor rekor() {
    return {fake.env(), net::testing::lend(transport),
            *parse_rekor_url("https://rekor.example/base", "--rekor-url")};
  }
  Error refusal(const std::string& text) {
    ScriptedTransport other;
    other.on(by_index, answer(200, {}, text));
    Rekor client(fake.env(), net::testing::lend(other), *parse_rekor_url("https://rekor.example/base", "x"));
    const auto entry = client.by_index(7);
    return entry ? Error{Code::internal, "accepted", {}, {}} : entry.error();
  }
};

TEST_F(RekorTest, AnEntryByItsIndex) {
  transport.on(by_index, answer(200, {}, entry_text()));
  const auto entry = rekor().by_index(7);
  ASSERT_TRUE(entry) << entry.error().text();
  EXPECT_EQ(entry->log_index, 7u);
  EXPECT_EQ(entry->kind, "hashedrekord");
  EXPECT_EQ(entry->body, body);
  ASSERT_TRUE(entry->proof);
  EXPECT_TRUE(tlog::verify_inclusion(0, 1, tlog::leaf_hash(as_bytes(body)), {}, entry->proof->root_hash));
  EXPECT_EQ(transport.last("GET *").headers.get("Accept"), "application/json");
}

TEST_F(RekorTest, AnEntryByItsName) {
  const std::string place = "GET https://rekor.example/base/api/v1/log/entries/";
  transport.on(place + "*", answer(200, {}, entry_text()));
  EXPECT_TRUE(rekor().by_uuid(uuid_of(body)));
  EXPECT_TRUE(rekor().by_uuid(tree + uuid_of(body)));
  EXPECT_EQ(transport.count(place + tree + uuid_of(body)), 1u);
  EXPECT_EQ(rekor().by_uuid(uuid_of("other")).error().code, Code::malformed);
  for (const std::string bad :
       {"", "abc", "../../../../../../../../../../../../../../../../../../../../../etc/passwd", "zz",
        "?logIndex=7"})
    EXPECT_EQ(rekor().by_uuid(bad).error().code, Code::invalid_argument) << bad;
  EXPECT_EQ(transport.requests().size(), 3u);
}

TEST_F(RekorTest, WhatIsNotTheEntryIsNone) {
  const std::pair<std::string, std::string> rows[] = {
      {entry_text(8), "the log entry 8"},
      {entry_text(7, body, uuid_of("other")), "a name that is not its own"},
      {entry_text(7, body, "1" + uuid_of(body)), "a name that is not its own"},
      {"{}", "0 log entries"},
      {"[]", "the answer"},
      {"null", "the answer"},
      {R"({"a":{}})", "has no verification"},
      {R"({"a":7})", "the log entry"},
      {"<html>", "proper answer"},
      {"", "the answer"}};
  for (const auto& [text, why] : rows) {
    const Error error = refusal(text);
    EXPECT_EQ(error.code, Code::malformed) << text;
    EXPECT_NE(error.text().find(why), std::string::npos) << text << ": " << error.text();
    EXPECT_NE(error.text().find("Rekor at https://rekor.example"), std::string::npos) << error.text();
  }
  const std::string two =
      entry_text().substr(0, entry_text().size() - 1) + "," + entry_text(7, R"({"kind":"other"})").substr(1);
  EXPECT_NE(refusal(two).text().find("2 log entries"), std::string::npos);
}

TEST_F(RekorTest, WhatTheLogSaysIsSaid) {
  transport.on(by_index, answer(404, {}, R"({"code":404,"message":"entry not found"})"));
  const Error error = rekor().by_index(7).error();
  EXPECT_EQ(error.code, Code::not_found);
  EXPECT_NE(error.text().find("entry not found"), std::string::npos) << error.text();
  EXPECT_NE(error.text().find("look up the log entry 7"), std::string::npos) << error.text();
}

TEST_F(RekorTest, ARedirectStaysAtItsPlace) {
  transport.on(by_index, answer(307, {{"Location", "/moved"}}));
  transport.on("GET https://rekor.example/moved", answer(200, {}, entry_text()));
  EXPECT_TRUE(rekor().by_index(7));
  ScriptedTransport other;
  other.on(by_index, answer(307, {{"Location", "https://evil.example/"}}));
  Rekor client(fake.env(), net::testing::lend(other), *parse_rekor_url("https://rekor.example/base", "x"));
  EXPECT_FALSE(client.by_index(7));
  EXPECT_EQ(other.requests().size(), 1u);
}

TEST_F(RekorTest, EntriesOfASignature) {
  transport.on(retrieve, answer(200, {}, "[" + entry_text() + "," + entry_text(9) + "]"));
  const auto found = rekor().of_signature(digest, signature);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->size(), 2u);
  const auto sent = transport.last("POST *");
  EXPECT_EQ(sent.body, R"({"entries":[)" + tlog::write_hashedrekord_v001(digest, signature) + "]}");
  EXPECT_EQ(sent.headers.get("Content-Type"), "application/json");
}

TEST_F(RekorTest, EntriesOfAnEnvelope) {
  transport.on(retrieve, answer(200, {}, "[]"));
  const auto found = rekor().of_envelope({"{\"payload\":\"\"}"}, signature);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_TRUE(found->empty());
  const std::string verifier =
      codec::base64::encode(as_bytes("-----BEGIN PUBLIC KEY-----\na2V5\n-----END PUBLIC KEY-----\n"));
  EXPECT_EQ(
      transport.last("POST *").body,
      R"({"entries":[{"apiVersion":"0.0.1","kind":"dsse","spec":{"proposedContent":{"envelope":"{\"payload\":)"
      R"(\"\"}","verifiers":[")" +
          verifier +
          R"("]}}},{"apiVersion":"0.0.1","kind":"intoto","spec":{"content":{"envelope":"{\"payload\":\"\"}"},)"
          R"("publicKey":")" +
          verifier + "\"}}]}");
}

TEST_F(RekorTest, WhatIsFoundIsBounded) {
  std::string list;
  for (int i = 0; i < 33; ++i) list += (i == 0 ? "" : ",") + entry_text(i);
  transport.on(retrieve, answer(200, {}, "[" + list + "]"));
  EXPECT_EQ(rekor().of_signature(digest, signature).error().code, Code::too_large);
  ScriptedTransport other;
  other.on(retrieve, answer(200, {}, entry_text()));
  Rekor client(fake.env(), net::testing::lend(other), *parse_rekor_url("https://rekor.example/base", "x"));
  EXPECT_EQ(client.of_signature(digest, signature).error().code, Code::malformed) << "a map is no list";
}

TEST(RekorUrl, IsAnAddress) {
  EXPECT_TRUE(parse_rekor_url("http://127.0.0.1:3000", "--rekor-url"));
  for (const char* bad :
       {"", "rekor.example", "ftp://rekor.example", "https://rekor.example?x=1", "https://"}) {
    const auto url = parse_rekor_url(bad, "--rekor-url");
    ASSERT_FALSE(url) << bad;
    EXPECT_EQ(url.error().code, Code::invalid_argument);
    EXPECT_EQ(url.error().message, "--rekor-url is no address of a log");
  }
}

}  // namespace
}  // namespace sigstore::remote
