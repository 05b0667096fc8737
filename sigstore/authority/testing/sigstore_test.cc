// What the Sigstore in memory makes, checked part by part with the rooms that read it.
#include "sigstore/authority/testing/sigstore.h"

#include <gtest/gtest.h>

#include <set>

#include "sigstore/authority/testing/cases.h"
#include "sigstore/authority/testing/keys.h"
#include "sigstore/crypto/x509/sct.h"
#include "sigstore/timestamp/token.h"
#include "sigstore/tlog/verify_entry.h"

namespace sigstore::authority::testing {
namespace {

using crypto::KeyType;
using crypto::x509::Certificate;
using log::Shape;

TEST(SigstoreInMemory, MakesWhatItsTrustedRootProves) {
  for (const auto shape : {Shape::rekor_v1, Shape::rekor_v2}) {
    Sigstore world;
    Recipe recipe;
    recipe.log = shape;
    const Signed made = world.sign(recipe);
    const auto root = world.trusted_root();
    const auto leaf = Certificate::parse(made.certificate).value();

    const auto ca = crypto::x509::Authority::from_chain(root.certificate_authorities[0].chain).value();
    const auto path = ca.verify(leaf, {}, world.now(), crypto::x509::code_signing);
    ASSERT_TRUE(path) << path.error().text();
    EXPECT_EQ(path->size(), 3U);
    const auto sct = crypto::x509::embedded_scts(leaf).value().at(0);
    EXPECT_TRUE(crypto::x509::verify_embedded(sct, leaf, path->at(1), root.ctlogs[0].key().value()));
    EXPECT_TRUE(leaf.public_key()->verify(crypto::Scheme::ecdsa_sha256, as_bytes(made.artifact),
                                          made.bundle.signature));

    const auto& listed = root.tlogs[shape == Shape::rekor_v1 ? 0 : 1];
    const auto& entry = made.bundle.evidence.tlog_entries.at(0);
    EXPECT_EQ(entry.log_id, listed.log_id);
    const auto included = tlog::verify_inclusion(
        entry, shape == Shape::rekor_v1 ? "" : listed.origin().value(), listed.key().value());
    EXPECT_TRUE(included) << included.error().text();
    EXPECT_EQ(tlog::verify_promise(entry, listed.key().value()).has_value(), shape == Shape::rekor_v1);

    const auto token = timestamp::Token::parse(made.bundle.evidence.timestamps.at(0)).value();
    const auto& tsa = root.timestamp_authorities[0].chain;
    const timestamp::TimestampAuthority authority{
        tsa[0], crypto::x509::Authority::from_chain({tsa.begin() + 1, tsa.end()}).value()};
    const auto time = timestamp::verify(token, made.bundle.signature, authority);
    ASSERT_TRUE(time) << time.error().text();
    EXPECT_EQ(*time, world.now());
  }
}

TEST(SigstoreInMemory, IsTheSameForTheSameSeed) {
  Sigstore one, same, other({.seed = 2});
  EXPECT_EQ(one.trusted_root().tlogs, same.trusted_root().tlogs);
  EXPECT_NE(one.trusted_root().tlogs[0].raw_key, other.trusted_root().tlogs[0].raw_key);
  EXPECT_EQ(Certificate::parse(one.root())->subject_text(), Certificate::parse(other.root())->subject_text());
  EXPECT_EQ(one.sign().key, same.sign().key);
}

TEST(SigstoreInMemory, KeysAreMadeOfTheirNames) {
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::ed25519}) {
    EXPECT_EQ(key_named(type, "a").public_key(), key_named(type, "a").public_key());
    EXPECT_FALSE(key_named(type, "a").public_key() == key_named(type, "b").public_key());
    EXPECT_EQ(key_named(type, "a").public_key().type(), type);
  }
}

TEST(SigstoreInMemory, CasesAreManyAndMadeAsTheyAreNamed) {
  std::set<std::string> names;
  std::size_t good = 0;
  for (const auto& one : cases()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_FALSE(one.what.empty()) << one.name;
    good += one.good ? 1 : 0;
    const Question question = one.make();
    EXPECT_FALSE(question.made.bundle.signature.empty()) << one.name;
    const auto text = bundle::write(question.made.bundle);
    if (!text) {
      EXPECT_EQ(text.error().code, Code::unsupported) << one.name << ": " << text.error().text();
    }
  }
  EXPECT_GE(good, 40U);
  EXPECT_GE(names.size() - good, 100U);
}

}  // namespace
}  // namespace sigstore::authority::testing
