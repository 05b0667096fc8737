#include "sigstore/tlog/verify_entry.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/tlog/merkle.h"

namespace sigstore::tlog {
namespace {

namespace json = codec::json;

const std::string host = "log.example";

std::string outcome(const Error& error) {
  return std::string(name(error.code)) + ": " + error.text();
}
std::string outcome(const Result<void>& result) {
  return result ? "accepted" : outcome(result.error());
}
std::string outcome(const Result<Checkpoint>& result) {
  return result ? "accepted" : outcome(result.error());
}

// A log that issues: of seven entries, one is the entry.
struct Log {
  crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  MerkleTree tree;

  Entry entry(const std::string& origin, std::uint64_t index = 4) {
    Entry out{.log_index = index, .kind = "hashedrekord", .version = "0.0.1", .body = "{\"kind\":\"test\"}"};
    out.log_id = crypto::sha256(key.public_key().spki());
    tree = MerkleTree();
    for (std::uint64_t i = 0; i < 7; ++i) {
      tree.append(leaf_hash(as_bytes(i == index ? out.body : "other " + std::to_string(i))));
    }
    out.proof = InclusionProof{.log_index = index,
                               .tree_size = 7,
                               .root_hash = tree.root(),
                               .hashes = tree.inclusion_proof(index, 7),
                               .checkpoint = checkpoint(origin)};
    return out;
  }

  std::string checkpoint(const std::string& origin, std::uint64_t size = 7) {
    Note note{.text = Checkpoint{origin, size, tree.root(size), {}}.text(), .signatures = {}};
    EXPECT_TRUE(sign_note(note, origin.substr(0, origin.find(' ')), key));
    return note.write();
  }

  void promise(Entry& entry) {
    entry.integrated_time = 1'700'000'000;
    entry.signed_entry_timestamp = *key.sign(crypto::Scheme::ecdsa_sha256, as_bytes(promise_text(entry)));
  }
};

std::string inclusion(const Entry& entry, const Log& log, const std::string& origin = host) {
  return outcome(verify_inclusion(entry, origin, log.key.public_key()));
}

TEST(EntryInclusion, EveryEntryOfALogIsProved) {
  Log log;
  for (std::uint64_t index = 0; index < 7; ++index) {
    const auto entry = log.entry(host, index);
    const auto checkpoint = verify_inclusion(entry, host, log.key.public_key());
    ASSERT_TRUE(checkpoint) << outcome(checkpoint);
    EXPECT_EQ(checkpoint->tree_size, 7U);
    EXPECT_EQ(checkpoint->origin, host);
    EXPECT_EQ(checkpoint->root_hash, log.tree.root());
  }
}

TEST(EntryInclusion, WhatIsMissingIsNamed) {
  Log log;
  auto entry = log.entry(host);
  entry.proof->checkpoint.clear();
  EXPECT_EQ(inclusion(entry, log), "not_found: the inclusion proof has no checkpoint");
  entry.proof.reset();
  EXPECT_EQ(inclusion(entry, log), "not_found: the log entry has no inclusion proof");
}

TEST(EntryInclusion, AnotherBodyIsNotIncluded) {
  Log log;
  auto entry = log.entry(host);
  entry.body += " ";
  EXPECT_EQ(inclusion(entry, log), "mismatch: the inclusion proof does not lead to the root hash");
}

TEST(EntryInclusion, AnotherPlaceIsNotProved) {
  Log log;
  auto entry = log.entry(host);
  entry.log_index = 3;
  EXPECT_EQ(inclusion(entry, log),
            "mismatch: the inclusion proof is of another entry: it is of number 4 and not 3");
  entry.proof->log_index = 3;
  EXPECT_EQ(inclusion(entry, log), "mismatch: the inclusion proof does not lead to the root hash");
  entry.log_index = entry.proof->log_index = 7;
  EXPECT_EQ(inclusion(entry, log), "mismatch: there is no entry 7 in a tree of 7 entries");
}

TEST(EntryInclusion, TheCheckpointMustBeAboutTheTree) {
  Log log;
  auto entry = log.entry(host);
  entry.proof->checkpoint = log.checkpoint(host, 6);
  EXPECT_EQ(
      inclusion(entry, log),
      "mismatch: the checkpoint and the inclusion proof are not about one tree: their root hashes differ");
  entry = log.entry(host);
  entry.proof->tree_size = 8;
  EXPECT_EQ(
      inclusion(entry, log),
      "mismatch: the checkpoint and the inclusion proof are not about one tree: it has 7 entries in the one "
      "and 8 in the other");
  entry = log.entry(host);
  entry.proof->root_hash.clear();
  EXPECT_EQ(
      inclusion(entry, log),
      "mismatch: the checkpoint and the inclusion proof are not about one tree: their root hashes differ");
}

TEST(EntryInclusion, TheCheckpointMustBeSignedByTheLog) {
  Log log, other;
  EXPECT_EQ(
      inclusion(log.entry(host), other),
      "not_found: the checkpoint is not signed by the log's key: none of its signatures is by that key as "
      "log.example");
  auto entry = log.entry(host);
  const auto size = entry.proof->checkpoint.find("\n7\n");
  entry.proof->checkpoint[size + 1] = '8';
  EXPECT_EQ(inclusion(entry, log), "bad_signature: the checkpoint's signature by the log does not verify");
}

TEST(EntryInclusion, AnotherLogWithTheSameKeyIsAnother) {
  Log log;
  EXPECT_EQ(inclusion(log.entry("other.example"), log),
            "mismatch: the checkpoint is of another log: its origin is other.example and not log.example");
  EXPECT_EQ(inclusion(log.entry(host), log, ""),
            "mismatch: the checkpoint is of a log whose host name is not known: its origin is log.example");
}

TEST(EntryInclusion, RekorV1CallsItselfAsItLikes) {
  Log log;
  auto entry = log.entry("rekor.example - 1193050959916656506");
  entry.log_index = 100;  // over all of its trees
  EXPECT_EQ(inclusion(entry, log), "accepted");
  EXPECT_EQ(inclusion(entry, log, ""), "accepted");
  entry.proof->log_index = 3;
  EXPECT_EQ(inclusion(entry, log), "mismatch: the inclusion proof does not lead to the root hash");
}

TEST(EntryInclusion, OriginsOfRekorV1HaveATree) {
  for (const char* origin : {"rekor.sigstore.dev - 1193050959916656506", "a - b - 0", "a -  - 1"}) {
    EXPECT_TRUE(is_rekor_v1_origin(origin)) << origin;
  }
  for (const char* origin :
       {"", "rekor.sigstore.dev", " - ", "a - ", "a - 1a", "a - 1 - b", "a -1", "a- 1", "a - 1 "}) {
    EXPECT_FALSE(is_rekor_v1_origin(origin)) << origin;
  }
}

// --- promises

TEST(EntryPromise, TextIsTheCanonicalOne) {
  Entry entry{.log_index = 27246492, .integrated_time = 1689177396, .body = "{}"};
  entry.log_id = {0xc0, 0xd2};
  EXPECT_EQ(promise_text(entry),
            R"({"body":"e30=","integratedTime":1689177396,"logID":"c0d2","logIndex":27246492})");
}

TEST(EntryPromise, EachOfItsMembersIsSigned) {
  Log log, other;
  auto entry = log.entry(host);
  const auto& key = log.key.public_key();
  EXPECT_EQ(outcome(verify_promise(entry, key)), "not_found: the log entry has no inclusion promise");
  log.promise(entry);
  EXPECT_EQ(outcome(verify_promise(entry, key)), "accepted");
  const std::string wrong = "bad_signature: the inclusion promise (SET) is not signed by the log's key";
  EXPECT_EQ(outcome(verify_promise(entry, other.key.public_key())), wrong);
  for (const auto& change : std::initializer_list<void (*)(Entry&)>{
           [](Entry& e) { e.body += " "; }, [](Entry& e) { e.integrated_time += 1; },
           [](Entry& e) { e.log_index += 1; }, [](Entry& e) { e.log_id[0] ^= 1; },
           [](Entry& e) { e.signed_entry_timestamp[8] ^= 1; },
           [](Entry& e) { e.signed_entry_timestamp = {0}; }}) {
    auto changed = entry;
    change(changed);
    EXPECT_EQ(outcome(verify_promise(changed, key)), wrong);
  }
}

// --- vectors: SIGSTORE_VECTORS. Each entry of each bundle, with the log that it names.

Bytes unbase64(const json::Value& object, std::string_view key) {
  const auto* text = object.get(key);
  return text == nullptr ? Bytes() : codec::base64::decode(*text->string()).value_or(Bytes());
}

std::uint64_t number(const json::Value& object, std::string_view key) {
  const auto* text = object.get(key);
  return text == nullptr ? 0 : std::stoull(*text->string());
}

Entry entry_of(const json::Value& value) {
  Entry out{.log_index = number(value, "logIndex"),
            .log_id = unbase64(*value.get("logId"), "keyId"),
            .integrated_time = static_cast<std::int64_t>(number(value, "integratedTime")),
            .body = to_text(unbase64(value, "canonicalizedBody"))};
  if (const auto* promise = value.get("inclusionPromise")) {
    out.signed_entry_timestamp = unbase64(*promise, "signedEntryTimestamp");
  }
  const auto* proof = value.get("inclusionProof");
  if (proof == nullptr) return out;
  out.proof = InclusionProof{.log_index = number(*proof, "logIndex"),
                             .tree_size = number(*proof, "treeSize"),
                             .root_hash = unbase64(*proof, "rootHash")};
  if (const auto* hashes = proof->get("hashes")) {
    for (const auto& hash : *hashes->array()) {
      out.proof->hashes.push_back(*codec::base64::decode(*hash.string()));
    }
  }
  if (const auto* checkpoint = proof->get("checkpoint"))
    out.proof->checkpoint = *checkpoint->get("envelope")->string();
  return out;
}

struct TrustedLog {
  std::string host;
  crypto::PublicKey key;
};

std::map<Bytes, TrustedLog> logs_of(const json::Value& root) {
  std::map<Bytes, TrustedLog> out;
  for (const auto& log : *root.get("tlogs")->array()) {
    const auto key = crypto::PublicKey::from_spki(unbase64(*log.get("publicKey"), "rawBytes"));
    const std::string url = *log.get("baseUrl")->string();
    const auto begin = url.find("//") + 2;
    const auto end = std::min(url.find_first_of(":/", begin), url.size());
    EXPECT_TRUE(key) << url;
    if (key)
      out.emplace(unbase64(*log.get("logId"), "keyId"), TrustedLog{url.substr(begin, end - begin), *key});
  }
  return out;
}

json::Value read_json(const std::filesystem::path& path) {
  return json::parse(fakes::read_testdata(path.string()), "vector").value_or(json::Value());
}

// What becomes of a case's entry: of its inclusion, and of its promise where it has one.
std::string judged(const std::filesystem::path& folder) {
  const auto bundle = read_json(folder / "bundle.sigstore.json");
  if (bundle.is_null()) return "unreadable";
  const auto own = folder / "trusted_root.json";
  const auto logs =
      logs_of(read_json(exists(own) ? own : folder.parent_path() / "production_trusted_root.json"));
  const auto& entries = *bundle.get("verificationMaterial")->get("tlogEntries")->array();
  std::string out;
  for (const auto& value : entries) {
    const auto entry = entry_of(value);
    const auto log = logs.find(entry.log_id);
    if (log == logs.end()) return "unknown log";
    out += outcome(verify_inclusion(entry, log->second.host, log->second.key));
    if (!entry.signed_entry_timestamp.empty()) out += ", " + outcome(verify_promise(entry, log->second.key));
  }
  return out;
}

TEST(EntryVectors, ProofsAndPromisesOfRealEntries) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  const std::string unsigned_promise =
      "bad_signature: the inclusion promise (SET) is not signed by the log's key";
  const std::map<std::string, std::string> others = {
      {"bundle-with-sct-with-extensions", "accepted"},  // both of Rekor v2: no promise
      {"trust-root-tsa-validity-end-inclusive", "accepted"},
      {"rekor2-checkpoint-missing-root-hash_fail",
       "malformed: the checkpoint is malformed: it has no root hash"},
      {"bundle-from-wrong-instance_fail", "unknown log"},
      {"set-invalid-signature_fail", "accepted, " + unsigned_promise},
      {"checkpoint-wrong-roothash_fail",
       "mismatch: the checkpoint and the inclusion proof are not about one tree: their root hashes differ, "
       "accepted"},
      {"bundle-malformed-json_fail", "unreadable"},
      {"bundle-empty-certificate-chain_fail",
       "not_found: the inclusion proof has no checkpoint, " + unsigned_promise},
      {"bundle-invalid-base64-signature_fail",
       "mismatch: the inclusion proof does not lead to the root hash, " + unsigned_promise},
  };
  int tried = 0;
  for (const auto& folder : std::filesystem::directory_iterator(*vectors + "/sigstore-bundles")) {
    if (!folder.is_directory()) continue;
    const auto name = folder.path().filename().string();
    const auto other = others.find(name);
    const auto result = judged(folder);
    const std::string wanted = other != others.end()        ? other->second
                               : name.starts_with("rekor2") ? "accepted"
                                                            : "accepted, accepted";
    EXPECT_EQ(result, wanted) << name;
    ++tried;
  }
  EXPECT_GE(tried, 30);
}

}  // namespace
}  // namespace sigstore::tlog
