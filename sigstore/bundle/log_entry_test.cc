#include "sigstore/bundle/log_entry.h"

#include <gtest/gtest.h>

#include "sigstore/codec/base64.h"

namespace sigstore::bundle {
namespace {

namespace json = codec::json;

const std::string log_id(64, 'a');
const std::string plain_body = R"({"apiVersion":"0.0.1","kind":"hashedrekord"})";

std::string base64(std::string_view text) {
  return codec::base64::encode(as_bytes(text));
}

std::string old_text(const std::string& body = plain_body) {
  return R"({"SignedEntryTimestamp":"c2V0","Payload":{"body":")" + base64(body) +
         R"(","integratedTime":1700000000,"logIndex":123,"logID":")" + log_id + "\"}}";
}

std::string answer_text(const std::string& proof) {
  return R"({"24296fb2": {"body": ")" + base64(plain_body) +
         R"(", "integratedTime": 1700000000, "logID": ")" + log_id +
         R"(", "logIndex": 123, "verification": {"inclusionProof": )" + proof +
         R"(, "signedEntryTimestamp": "c2V0"}}})";
}

tlog::Entry plain() {
  tlog::Entry out;
  out.log_index = 123;
  out.log_id = Bytes(32, 0xaa);
  out.kind = "hashedrekord";
  out.version = "0.0.1";
  out.integrated_time = 1700000000;
  out.signed_entry_timestamp = to_bytes("set");
  out.body = plain_body;
  return out;
}

std::string refusal(const std::string& text) {
  const auto entry = read_log_entry(text);
  return entry ? "accepted" : entry.error().text();
}

TEST(LogEntry, OfALayerAFileOrTheApi) {
  EXPECT_EQ(*read_log_entry(old_text()), plain());
  EXPECT_EQ(*read_log_entry(R"({"base64Signature":"c2ln","rekorBundle":)" + old_text() + "}"), plain());
  EXPECT_EQ(*read_log_entry(answer_text("{}")), plain());
  EXPECT_EQ(*read_log_entry(answer_text("null")), plain());
}

TEST(LogEntry, TheApiGivesAProof) {
  const std::string hash(64, '1');
  const auto entry =
      read_log_entry(answer_text(R"({"checkpoint":"note\n","hashes":[")" + hash +
                                 R"("],"logIndex":5,"rootHash":")" + log_id + R"(","treeSize":6})"));
  ASSERT_TRUE(entry) << entry.error().text();
  EXPECT_EQ(entry->proof, (tlog::InclusionProof{5, 6, Bytes(32, 0xaa), {Bytes(32, 0x11)}, "note\n"}));
  EXPECT_EQ(entry->log_index, 123u) << "over all shards";
}

TEST(LogEntry, IsWrittenAsItWas) {
  EXPECT_EQ(json::write(old_rekor_bundle(plain())), old_text());
}

TEST(LogEntry, OfSeveralTheFirstWithAPromiseIsTheOldOne) {
  auto later = plain();
  later.log_index = 124;
  auto proven = plain();
  proven.signed_entry_timestamp.clear();
  EXPECT_EQ(with_promise({proven}), nullptr);
  const std::vector entries{proven, plain(), later};
  EXPECT_EQ(with_promise(entries), &entries[1]);
}

TEST(LogEntry, ABodyThatNamesNoKindHasNone) {
  for (const std::string body : {"{}", "no JSON", R"({"kind":7,"apiVersion":null})", "[]"}) {
    const auto entry = *read_log_entry(old_text(body));
    EXPECT_EQ(entry.kind + entry.version, "") << body;
    EXPECT_EQ(entry.body, body);
  }
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(LogEntry, IsNotHalfRead) {
  const std::string proof = R"({"hashes":[],"logIndex":5,"rootHash":")" + log_id + R"(","treeSize":6})";
  EXPECT_EQ(refusal(answer_text(proof)), "accepted");
  const std::pair<std::string, std::string> rows[] = {
      {"{}", "not one log entry"},
      {"[]", "the log entry"},
      {R"({"a":{},"b":{}})", "2 members"},
      {R"({"a":{}})", "has no verification"},
      {R"({"a":7})", "the log entry"},
      {R"({"SignedEntryTimestamp":"c2V0"})", "has no Payload"},
      {R"({"base64Signature":"c2ln"})", "holds no log entry"},
      {old_text().substr(0, 40), "the log entry"},
      {with(old_text(), "aaaa", "AAAA"), "logID is no SHA-256 in hex"},
      {with(old_text(), log_id, "aa"), "logID is no SHA-256 in hex"},
      {with(old_text(), "c2V0", ""), "SignedEntryTimestamp is empty"},
      {with(old_text(), "c2V0", "%"), "SignedEntryTimestamp is not base64"},
      {old_text(""), "body is empty"},
      {with(old_text(), "123", "-1"), "logIndex"},
      {with(old_text(), "123", "\"123\""), "logIndex"},
      {with(old_text(), "123", "9223372036854775808"), "logIndex is too large"},
      {with(old_text(), "1700000000", "1.5"), "integratedTime"},
      {with(old_text(), "1700000000", "9223372036854775808"), "integratedTime is no time"},
      {with(answer_text("{}"), "c2V0", ""), "signedEntryTimestamp is empty"},
      {with(answer_text(proof), "[]", "[7]"), "a hash is no text"},
      {with(answer_text(proof), "[]", "[\"aa\"]"), "a hash is no SHA-256 in hex"},
      {with(answer_text(proof), "[]", "{}"), "hashes"},
      {answer_text(R"({"hashes":[]})"), "logIndex"},
      {with(answer_text(proof), "\"treeSize\":6", "\"treeSize\":-6"), "treeSize"},
      {with(answer_text(proof), "\"treeSize\":6", "\"treeSize\":18446744073709551615"),
       "treeSize is too large"},
      {with(answer_text(proof), "\"rootHash\":\"a", "\"rootHash\":\""), "rootHash is no SHA-256 in hex"},
  };
  for (const auto& [text, why] : rows)
    EXPECT_NE(refusal(text).find(why), std::string::npos) << text << ": " << refusal(text);
}

TEST(LogEntry, AProofIsBounded) {
  const auto proof = [](const std::string& checkpoint, int hashes) {
    std::string list;
    for (int i = 0; i < hashes; ++i) list += (i == 0 ? "\"" : ",\"") + log_id + "\"";
    return answer_text(R"({"checkpoint":")" + checkpoint + R"(","hashes":[)" + list +
                       R"(],"logIndex":5,"rootHash":")" + log_id + R"(","treeSize":6})");
  };
  EXPECT_TRUE(read_log_entry(proof("note", limits::proof_hashes)));
  EXPECT_EQ(read_log_entry(proof("note", limits::proof_hashes + 1)).error().code, Code::too_large);
  EXPECT_EQ(read_log_entry(proof(std::string(limits::note_bytes + 1, 'n'), 1)).error().code, Code::too_large);
  EXPECT_EQ(read_log_entry(old_text(std::string(limits::entry_bytes + 1, ' '))).error().code,
            Code::too_large);
}

TEST(LogEntry, SaysWhichSignatureItIsAbout) {
  const auto about = [](const std::string& body) {
    tlog::Entry entry;
    entry.body = body;
    return signature_in_log_entry(entry);
  };
  EXPECT_EQ(about(R"({"spec":{"signature":{"content":"c2ln"}}})"), to_bytes("sig"));
  EXPECT_EQ(about(R"({"spec":{"content":{}}})"), Bytes());
  EXPECT_FALSE(about("no JSON"));
}

}  // namespace
}  // namespace sigstore::bundle
