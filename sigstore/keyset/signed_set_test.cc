#include "sigstore/keyset/signed_set.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace sigstore::keyset {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using crypto::Scheme;

PrivateKey new_key(KeyType type = KeyType::ed25519) {
  return std::move(*PrivateKey::generate(type));
}

class SignedSetTest : public ::testing::Test {
 protected:
  PrivateKey first = new_key(), second = new_key(KeyType::ecdsa_p256), stranger = new_key();
  SignedSet set = made(2, 2);
  const Time now{std::chrono::seconds(1'800'000'000)};

  SignedSet made(std::size_t roots, std::size_t threshold, std::uint64_t version = 5) {
    KeySet out;
    out.version = version;
    if (roots > 0) out.roots.push_back({first.public_key(), "first"});
    if (roots > 1) out.roots.push_back({second.public_key(), "second"});
    out.threshold = threshold;
    return SignedSet::of(out);
  }
  void sign_by_both() {
    ASSERT_TRUE(set.sign(first, Scheme::ed25519));
    ASSERT_TRUE(set.sign(second, Scheme::ecdsa_sha256));
  }
  Error judged(const Demands& demands = {}) {
    const auto verdict = judge(set, demands, now, "s.json");
    return verdict ? Error{Code::internal, "", {}, {}} : verdict.error();
  }
};

TEST_F(SignedSetTest, IsWrittenAndReadInBothForms) {
  EXPECT_EQ(set.write(), set.document);
  EXPECT_EQ(SignedSet::parse(set.write(), "s")->set, set.set);
  sign_by_both();
  const auto again = *SignedSet::parse(set.write(), "s");
  EXPECT_EQ(again.document, set.document);
  EXPECT_EQ(again.signatures, set.signatures);
  EXPECT_EQ(signing_roots(again).size(), 2u);
  EXPECT_TRUE(judge(again, {}, now, "s"));
}

TEST_F(SignedSetTest, TooFewRoots) {
  EXPECT_EQ(judged().message, "s.json is signed by 0 of its 2 roots, and 2 must sign it");
  ASSERT_TRUE(set.sign(first, Scheme::ed25519));
  EXPECT_EQ(judged().code, Code::bad_signature);
  EXPECT_EQ(judged().message, "s.json is signed by 1 of its 2 roots, and 2 must sign it");
  EXPECT_EQ(judged().cause, "it is signed by first (" + first.public_key().fingerprint() + ")");
}

// Neither the signature of one root twice, under whatever id, nor a stranger's makes two.
TEST_F(SignedSetTest, ARootCountsOnce) {
  ASSERT_TRUE(set.sign(second, Scheme::ecdsa_sha256));
  ASSERT_TRUE(set.sign(second, Scheme::ecdsa_sha256));
  EXPECT_EQ(set.signatures.size(), 1u);
  auto again = set;
  again.signatures.clear();
  ASSERT_TRUE(again.sign(second, Scheme::ecdsa_sha256));
  again.signatures[0].keyid = first.public_key().fingerprint();
  set.signatures.push_back(again.signatures[0]);
  ASSERT_TRUE(set.sign(stranger, Scheme::ed25519));
  EXPECT_EQ(signing_roots(set), std::vector{second.public_key()});
  EXPECT_EQ(judged().code, Code::bad_signature);
}

TEST_F(SignedSetTest, TheDocumentIsWhatWasSigned) {
  sign_by_both();
  set.document += "\n";
  EXPECT_EQ(judged().code, Code::bad_signature);
}

// An envelope of another type, with the same bytes and good signatures.
TEST_F(SignedSetTest, AnotherPayloadTypeIsRefused) {
  const auto text = payload::write_envelope("application/vnd.in-toto+json", set.document, Bytes{1});
  EXPECT_EQ(SignedSet::parse(text, "s").error().code, Code::unsupported);
}

TEST_F(SignedSetTest, PinnedRoots) {
  sign_by_both();
  EXPECT_EQ(judged({.roots = {first.public_key()}}).message, "");
  EXPECT_EQ(judged({.roots = {first.public_key(), stranger.public_key()}}).message,
            "s.json is signed by 1 of the 2 roots that are trusted, and 2 must sign it");
  EXPECT_EQ(judged({.roots = {first.public_key(), stranger.public_key()}, .threshold = 1}).message, "");
  EXPECT_EQ(judged({.roots = {first.public_key(), first.public_key()}, .threshold = 2}).cause,
            "the same root was given twice");
  EXPECT_EQ(judged({.threshold = 1}).code, Code::invalid_argument);
}

// Whoever replaces the file replaces its roots as well: what is pinned must have signed it.
TEST_F(SignedSetTest, ASetWithoutRootsIsNotTheOneThatIsPinned) {
  set = made(0, 0);
  EXPECT_EQ(judged().message, "");
  EXPECT_EQ(judged({.roots = {first.public_key()}}).code, Code::bad_signature);
  set = SignedSet::of({.roots = {{stranger.public_key(), ""}}, .threshold = 1});
  ASSERT_TRUE(set.sign(stranger, Scheme::ed25519));
  EXPECT_EQ(judged().message, "");
  EXPECT_EQ(judged({.roots = {first.public_key()}}).code, Code::bad_signature);
}

TEST_F(SignedSetTest, OlderVersionsAreRefused) {
  sign_by_both();
  EXPECT_EQ(judged({.min_version = 5}).message, "");
  EXPECT_EQ(judged({.min_version = 6}).message, "s.json is version 5, and 6 is the oldest that is wanted");
  EXPECT_EQ(judged({.seen = Seen{5, set.digest()}}).message, "");
  EXPECT_EQ(judged({.seen = Seen{4, "sha256:x"}}).message, "");
  EXPECT_EQ(judged({.seen = Seen{6, "sha256:x"}}).message,
            "s.json is version 5, and version 6 was seen before");
  EXPECT_EQ(judged({.seen = Seen{5, "sha256:x"}}).message,
            "s.json is another version 5 than the one that was seen before");
}

TEST_F(SignedSetTest, Expires) {
  set = SignedSet::of({.expires = now - std::chrono::seconds(1)});
  EXPECT_EQ(judged().message, "s.json has expired at 2027-01-15T07:59:59Z");
  EXPECT_EQ(judged().code, Code::mismatch);
}

TEST_F(SignedSetTest, HasSoManySignaturesAndNoMore) {
  for (std::size_t i = 0; i < limits::envelope_signatures; ++i) {
    auto key = new_key();
    ASSERT_TRUE(set.sign(key, Scheme::ed25519));
  }
  EXPECT_EQ(set.sign(first, Scheme::ed25519).error().code, Code::conflict);
  EXPECT_TRUE(SignedSet::parse(set.write(), "s"));
}

TEST_F(SignedSetTest, WhatASignerGivesIsVerified) {
  struct Liar final : crypto::Signer {
    explicit Liar(const crypto::PublicKey& key) : key_(key) {}
    [[nodiscard]] const crypto::PublicKey& public_key() const override { return key_; }
    Result<Bytes> sign(Scheme, BytesView) override { return Bytes(64, 1); }
    Result<Bytes> sign_digest(Scheme, BytesView) override { return Bytes(64, 1); }
    crypto::PublicKey key_;
  } liar(first.public_key());
  EXPECT_EQ(set.sign(liar, Scheme::ed25519).error().code, Code::bad_signature);
  EXPECT_TRUE(set.signatures.empty());
}

TEST(SeenTest, IsReadAndWritten) {
  const Seen seen{7, "sha256:abc"};
  EXPECT_EQ(*Seen::parse(seen.write(), "f"), seen);
  EXPECT_EQ(Seen::parse("", "f").error().code, Code::malformed);
  EXPECT_EQ(Seen::parse("{}", "f").error().code, Code::malformed);
}

}  // namespace
}  // namespace sigstore::keyset
