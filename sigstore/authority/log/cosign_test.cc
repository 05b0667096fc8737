// What the real cosign says of log entries that are issued here. COSIGN_REFERENCE names it: 3.1.2.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "sigstore/authority/log/transparency_log.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/tlog/body.h"
#include "sigstore/tlog/verify_entry.h"

namespace sigstore::authority::log {
namespace {

namespace json = codec::json;

using codec::base64::encode;
using crypto::KeyType;
using crypto::PrivateKey;

const Time now = codec::rfc3339::parse("2026-06-01T12:00:00Z").value();
const std::string artifact = "hello, log\n", host = "rekor.test";

json::Object entry_json(const tlog::Entry& entry) {
  json::Array hashes;
  for (const auto& hash : entry.proof->hashes) hashes.emplace_back(encode(hash));
  json::Object out{
      {"logIndex", std::to_string(entry.log_index)},
      {"logId", json::Object{{"keyId", encode(entry.log_id)}}},
      {"kindVersion", json::Object{{"kind", entry.kind}, {"version", entry.version}}},
      {"integratedTime", std::to_string(entry.integrated_time)},
      {"inclusionProof", json::Object{{"logIndex", std::to_string(entry.proof->log_index)},
                                      {"treeSize", std::to_string(entry.proof->tree_size)},
                                      {"rootHash", encode(entry.proof->root_hash)},
                                      {"hashes", hashes},
                                      {"checkpoint", json::Object{{"envelope", entry.proof->checkpoint}}}}},
      {"canonicalizedBody", encode(as_bytes(entry.body))}};
  if (!entry.signed_entry_timestamp.empty()) {
    out.set("inclusionPromise", json::Object{{"signedEntryTimestamp", encode(entry.signed_entry_timestamp)}});
  }
  return out;
}

std::string root_json(const trust::Log& log) {
  const json::Object key{{"rawBytes", encode(log.raw_key)},
                         {"keyDetails", log.key_details},
                         {"validFor", json::Object{{"start", "2020-01-01T00:00:00Z"}}}};
  const json::Object described{{"baseUrl", log.base_url},
                               {"hashAlgorithm", "SHA2_256"},
                               {"publicKey", key},
                               {"logId", json::Object{{"keyId", encode(log.log_id)}}}};
  return json::write_plain(
      json::Object{{"mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1"},
                   {"tlogs", json::Array{described}}});
}

// Signed and listed by `key`, which need not be the log's.
std::string checkpoint_of(const std::string& origin, std::uint64_t size, BytesView root, PrivateKey& key) {
  tlog::Note note{tlog::Checkpoint{origin, size, Bytes(root.begin(), root.end()), {}}.text(), {}};
  EXPECT_TRUE(tlog::sign_note(note, host, key));
  return note.write();
}

// A signature by a key, a bundle of it with one entry, and a trusted root with the log alone.
class RealCosign : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* program = std::getenv("COSIGN_REFERENCE");
    if (program == nullptr) GTEST_SKIP() << "COSIGN_REFERENCE names no cosign 3.1.2";
    program_ = program;
    folder_.write("artifact", artifact);
    folder_.write("key.pub", key_.public_key().pem());
  }

  // The third of the entries of a log, and the root that lists it.
  tlog::Entry issue(Shape shape, PrivateKey& log_key) {
    TransparencyLog log(
        {.shape = shape, .host = host, .tree_id = 42, .first_index = shape == Shape::rekor_v1 ? 100U : 0U},
        log_key);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(log.append({"hashedrekord", "0.0.1", "{}"}, now));
    const tlog::LoggedDigest digest{crypto::HashAlgorithm::sha256, crypto::sha256(as_bytes(artifact))};
    const tlog::LoggedSignature signature{signature_, {}, key_.public_key().spki()};
    const bool v1 = shape == Shape::rekor_v1;
    EXPECT_TRUE(log.append({"hashedrekord", v1 ? "0.0.1" : "0.0.2",
                            v1 ? tlog::write_hashedrekord_v001(digest, signature)
                               : tlog::write_hashedrekord_v002(digest, signature, "PKIX_ECDSA_P256_SHA_256")},
                           now));
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(log.append({"hashedrekord", "0.0.1", "{}"}, now));
    folder_.write("root.json", root_json(log.describe({}).value()));
    auto entry = log.entry(2, 7).value();
    EXPECT_TRUE(ours(entry, log_key));
    return entry;
  }

  static bool ours(const tlog::Entry& entry, const PrivateKey& log_key) {
    const auto& key = log_key.public_key();
    return tlog::read_body(entry) && tlog::verify_inclusion(entry, host, key) &&
           (entry.signed_entry_timestamp.empty() || tlog::verify_promise(entry, key));
  }

  bool real(const tlog::Entry& entry) {
    const json::Object digest{{"algorithm", "SHA2_256"},
                              {"digest", encode(crypto::sha256(as_bytes(artifact)))}};
    const json::Object material{{"publicKey", json::Object{{"hint", key_.public_key().hint()}}},
                                {"tlogEntries", json::Array{entry_json(entry)}}};
    const json::Object message{{"messageDigest", digest}, {"signature", encode(signature_)}};
    folder_.write("bundle.json", json::write_plain(json::Object{
                                     {"mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"},
                                     {"verificationMaterial", material},
                                     {"messageSignature", message}}));
    // Nothing is to be fetched, nor waited for.
    const std::string command = "cd " + folder_.path() +
                                " && HTTPS_PROXY=http://127.0.0.1:1 HOME=" + folder_.path() + " '" +
                                program_ +
                                "' verify-blob --key key.pub --bundle bundle.json --trusted-root root.json"
                                " artifact >said 2>&1";
    return std::system(command.c_str()) == 0;
  }
  [[nodiscard]] std::string said() const {
    std::ifstream in(folder_.path() + "/said");
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::string program_;
  fakes::TemporaryFolder folder_;
  PrivateKey key_ = PrivateKey::generate(KeyType::ecdsa_p256).value();
  Bytes signature_ = key_.sign(crypto::Scheme::ecdsa_sha256, as_bytes(artifact)).value();
};

TEST_F(RealCosign, VerifiesOurEntries) {
  auto v1 = PrivateKey::generate(KeyType::ecdsa_p256).value();
  EXPECT_TRUE(real(issue(Shape::rekor_v1, v1))) << said();
  for (const auto type :
       {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::ed25519, KeyType::rsa}) {
    auto key = PrivateKey::generate(type).value();
    EXPECT_TRUE(real(issue(Shape::rekor_v2, key))) << name(type) << ": " << said();
  }
}

TEST_F(RealCosign, RefusesAsWeDo) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value(),
       other = PrivateKey::generate(KeyType::ecdsa_p256).value();
  for (const auto shape : {Shape::rekor_v1, Shape::rekor_v2}) {
    const auto entry = issue(shape, key);
    const std::string origin = shape == Shape::rekor_v1 ? host + " - 42" : host;
    EXPECT_TRUE(real(entry)) << said();
    const auto both_refuse = [&](auto&& change) {
      auto changed = entry;
      change(changed);
      return !real(changed) && !ours(changed, key);
    };
    EXPECT_TRUE(both_refuse([](auto& e) { e.proof->hashes[1][0] ^= 1; }));
    EXPECT_TRUE(both_refuse([](auto& e) { e.log_index = 1; }));
    EXPECT_TRUE(both_refuse([](auto& e) { e.body = e.body.replace(e.body.find("spec"), 4, "Spec"); }));
    EXPECT_TRUE(both_refuse(
        [&](auto& e) { e.proof->checkpoint = checkpoint_of(origin, 7, e.proof->root_hash, other); }));
    EXPECT_TRUE(
        both_refuse([&](auto& e) { e.proof->checkpoint = checkpoint_of(origin, 7, Bytes(32), key); }));
  }
  const auto entry = issue(Shape::rekor_v2, key);
  auto changed = entry;
  changed.proof->checkpoint = checkpoint_of("other.test", 7, entry.proof->root_hash, key);
  EXPECT_FALSE(real(changed) || ours(changed, key));
}

// docs/formats/checkpoint.md and transparency-log-entry.md, "Against real cosign": why it is not followed
// stands there.
TEST_F(RealCosign, AcceptsWhatWeRefuse) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  const auto v2 = issue(Shape::rekor_v2, key);
  const auto ours_alone_refuses = [&](const tlog::Entry& entry, auto&& change) {
    auto changed = entry;
    change(changed);
    return real(changed) && !ours(changed, key);
  };
  EXPECT_TRUE(ours_alone_refuses(v2, [](auto& e) { e.proof->log_index = 1; })) << said();
  EXPECT_TRUE(ours_alone_refuses(v2, [](auto& e) { e.proof->tree_size = 8; })) << said();
  EXPECT_TRUE(ours_alone_refuses(v2, [](auto& e) { e.proof->root_hash[0] ^= 1; })) << said();
  EXPECT_TRUE(ours_alone_refuses(v2, [&](auto& e) {
    tlog::Note note{host + "\n07\n" + encode(e.proof->root_hash) + "\n", {}};
    EXPECT_TRUE(tlog::sign_note(note, host, key));
    e.proof->checkpoint = note.write();
  })) << said();
  EXPECT_TRUE(ours_alone_refuses(v2, [](auto& e) { e.version = "0.0.1"; })) << said();
  const auto v1 = issue(Shape::rekor_v1, key);
  EXPECT_TRUE(ours_alone_refuses(v1, [](auto& e) { e.kind = "dsse"; })) << said();
  EXPECT_TRUE(ours_alone_refuses(v1, [&](auto& e) {
    e.proof->checkpoint = checkpoint_of(host + " - 42", 9, e.proof->root_hash, key);
  })) << said();
}

TEST_F(RealCosign, RefusesWhatWeAccept) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value(),
       witness = PrivateKey::generate(KeyType::ed25519).value();
  const auto ours_alone_accepts = [&](const tlog::Entry& entry, auto&& change) {
    auto note = tlog::Note::parse(entry.proof->checkpoint).value();
    change(note);
    auto changed = entry;
    changed.proof->checkpoint = note.write();
    return !real(changed) && ours(changed, key);
  };
  const auto add_witness = [&](tlog::Note& note) {
    EXPECT_TRUE(tlog::sign_note(note, "witness.test", witness));
  };
  const auto add_wrong_one_before = [](tlog::Note& note) {
    note.signatures.insert(note.signatures.begin(), note.signatures[0]);
    note.signatures[0].signature[9] ^= 1;
  };
  EXPECT_TRUE(ours_alone_accepts(issue(Shape::rekor_v1, key), add_witness)) << said();
  EXPECT_TRUE(ours_alone_accepts(issue(Shape::rekor_v2, key), add_wrong_one_before)) << said();
  EXPECT_FALSE(ours_alone_accepts(issue(Shape::rekor_v2, key), add_witness));  // both do
}

}  // namespace
}  // namespace sigstore::authority::log
