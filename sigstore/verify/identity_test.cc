#include "sigstore/verify/identity.h"

#include <gtest/gtest.h>

#include "sigstore/authority/ca/extension.h"
#include "sigstore/authority/testing/sigstore.h"

namespace sigstore::verify {
namespace {

using authority::ca::CertificateTemplate;
using crypto::x509::Certificate;
using crypto::x509::GeneralName;

Certificate certified(const authority::testing::Recipe& recipe) {
  authority::testing::Sigstore world;
  return *Certificate::parse(world.sign(recipe).certificate);
}
Certificate certified(authority::testing::Change<CertificateTemplate> leaf) {
  return certified(authority::testing::Recipe{.leaf = std::move(leaf)});
}

TEST(Identity, FulciosExtensionsByTheirNames) {
  authority::ca::Identity of{{GeneralName::Kind::email, "a@b.test"}, "https://issuer.test", {}};
  of.claims = {{2, "push"}, {6, "refs/heads/main"}, {9, "https://signer.test"}, {24, "repo:a/b"}};
  const auto identity = identity_of(certified(authority::testing::Recipe{.identity = of}));
  ASSERT_TRUE(identity) << identity.error().text();
  EXPECT_EQ(identity->subjects, (std::vector<GeneralName>{{GeneralName::Kind::email, "a@b.test"}}));
  EXPECT_EQ(identity->issuer, "https://issuer.test");
  EXPECT_EQ(identity->extensions,
            (std::map<std::string, std::string>{{"buildSignerURI", "https://signer.test"},
                                                {"githubWorkflowRef", "refs/heads/main"},
                                                {"githubWorkflowTrigger", "push"},
                                                {"tokenSubject", "repo:a/b"}}));
}

TEST(Identity, TheNewerIssuerGoesBeforeTheOlder) {
  using authority::ca::fulcio_claim;
  using authority::ca::fulcio_oid;
  EXPECT_EQ(identity_of(certified([](CertificateTemplate& made) {
              made.set(fulcio_claim(8, "https://new"));
            }))->issuer,
            "https://new");
  EXPECT_EQ(identity_of(certified([](CertificateTemplate& made) { made.remove(fulcio_oid(8)); }))->issuer,
            "https://issuer.test");
  EXPECT_EQ(identity_of(certified([](CertificateTemplate& made) {
              made.remove(fulcio_oid(1));
              made.remove(fulcio_oid(8));
            }))->issuer,
            "");
}

TEST(Identity, AnExtensionThatIsNoTextIsRefused) {
  for (const Bytes& value :
       {Bytes{}, to_bytes("https://raw"), Bytes{0x0C, 0x05, 'a'}, Bytes{0x0C, 0x01, 'a', 'b'}}) {
    const auto identity = identity_of(certified(
        [&](CertificateTemplate& made) { made.set({authority::ca::fulcio_oid(8), false, value}); }));
    ASSERT_FALSE(identity);
    EXPECT_EQ(identity.error().code, Code::malformed);
    EXPECT_EQ(identity.error().message, "the certificate's extension issuer is no UTF8String");
  }
}

TextRule expression(std::string_view pattern) {
  TextRule rule;
  rule.expression = *codec::Regex::parse(pattern);
  return rule;
}

// As in every Sigstore client an expression matches anywhere (cosign.md 2l 4).
TEST(Identity, RulesAreTextOrExpressions) {
  TextRule rule;
  EXPECT_TRUE(rule.accepts("anything") && rule.accepts(""));
  EXPECT_EQ(rule.shown(), "any");
  rule.exact = "a@b.test";
  EXPECT_TRUE(rule.accepts("a@b.test"));
  for (const char* other : {"", "a@b.tes", "xa@b.test", "A@b.test", "a@b.test "})
    EXPECT_FALSE(rule.accepts(other));
  EXPECT_EQ(rule.shown(), "a@b.test");
  EXPECT_TRUE(expression("b.te").accepts("a@b.test"));
  EXPECT_FALSE(expression("^b").accepts("a@b.test"));
  EXPECT_EQ(expression("^b").shown(), "/^b/");
  rule.expression = expression("c").expression;
  EXPECT_FALSE(rule.accepts("a@b.test"));  // both must hold
}

}  // namespace
}  // namespace sigstore::verify
