#include "sigstore/crypto/x509/chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/x509/testing/issue.h"
#include "sigstore/crypto/x509/testing/vectors.h"

namespace sigstore::crypto::x509 {
namespace {

namespace der = codec::der;
using testing::Spec;

Time at(std::string_view text) {
  return codec::rfc3339::parse(text).value();
}
const Time now = at("2023-06-01T00:00:00Z");

// A key pair of each name, made once.
PrivateKey& key(const std::string& name) {
  static std::map<std::string, PrivateKey> made;
  const auto found = made.find(name);
  if (found != made.end()) return found->second;
  return made.emplace(name, PrivateKey::generate(KeyType::ecdsa_p256).value()).first->second;
}

// Signed by the key that is named like the issuer, of the key that is named like the subject.
Certificate issue(const Spec& spec) {
  return testing::issue(spec, key(spec.subject).public_key(), key(spec.issuer));
}
Certificate authority(const std::string& issuer, const std::string& subject) {
  return issue(testing::ca(issuer, subject));
}
Certificate signer(const std::string& issuer) {
  return issue(testing::code_signer(issuer));
}

using Path = std::vector<Certificate>;

Result<Path> verify(const Result<Authority>& authority, const Certificate& leaf, const Path& beside = {},
                    Time time = now, std::string_view purpose = code_signing) {
  EXPECT_TRUE(authority);
  return authority->verify(leaf, beside, time, purpose);
}

// What is said of a leaf that is refused.
std::string refusal(const Result<Path>& result) {
  if (result) return "accepted";
  EXPECT_EQ(result.error().code, Code::mismatch);
  return result.error().text();
}

std::string refusal(const Path& chain, const Certificate& leaf, Time time = now,
                    std::string_view purpose = code_signing) {
  return refusal(verify(Authority::from_chain(chain), leaf, {}, time, purpose));
}

TEST(Authority, LeadsFromALeafToTheRoot) {
  const auto root = authority("root", "root"), middle = authority("root", "middle"), leaf = signer("middle");
  EXPECT_EQ(verify(Authority::from_chain({middle, root}), leaf), (Path{leaf, middle, root}));
  EXPECT_EQ(verify(Authority::from_chain({root}), leaf, {middle}), (Path{leaf, middle, root}));
  EXPECT_EQ(verify(Authority::from_pools({root}, {middle}), leaf), (Path{leaf, middle, root}));
  EXPECT_EQ(verify(Authority::from_chain({root}), signer("root"))->size(), 2U);
}

TEST(Authority, TrustsTheLastOfAChainThoughItIsNotSelfSigned) {
  const auto middle = authority("root", "middle"), leaf = signer("middle");
  EXPECT_EQ(verify(Authority::from_chain({middle}), leaf), (Path{leaf, middle}));
}

TEST(Authority, DoesNotTrustWhatOnlyCameAlong) {
  const auto root = authority("root", "root"), middle = authority("root", "middle"), leaf = signer("middle");
  EXPECT_EQ(refusal(verify(Authority::from_chain({authority("other", "other")}), leaf, {middle, root})),
            "no trusted authority issued the intermediate certificate CN=root: it is its own issuer");
}

TEST(Authority, TakesCertificatesInAnyOrderAndMoreThanOnce) {
  Path all = {authority("root", "root"), authority("root", "a"), authority("a", "b"), authority("b", "c")};
  const auto leaf = signer("c");
  const Path expected = {leaf, all[3], all[2], all[1], all[0]};
  std::ranges::sort(all, {}, &Certificate::der);
  do {
    Path doubled = all;
    doubled.insert(doubled.end(), all.begin(), all.end());
    doubled.push_back(leaf);
    EXPECT_EQ(verify(Authority::from_chain({authority("root", "root")}), leaf, doubled)->size(), 5U);
    EXPECT_EQ(verify(Authority::from_pools({expected.back()}, all), leaf), expected);
  } while (std::ranges::next_permutation(all, {}, &Certificate::der).found);
}

TEST(Authority, FindsItsWayAmongCrossSignedCertificates) {
  const auto root = authority("root", "root"), foreign = authority("foreign", "middle"),
             middle = authority("root", "middle"), leaf = signer("middle");
  EXPECT_EQ(verify(Authority::from_pools({root}, {foreign, middle}), leaf), (Path{leaf, middle, root}));
  EXPECT_EQ(verify(Authority::from_pools({root}, {middle, foreign}), leaf), (Path{leaf, middle, root}));
  // One that has the name but not the key, and one that has run out.
  auto impostor = testing::ca("root", "middle");
  const auto same_name = testing::issue(impostor, key("impostor").public_key(), key("root"));
  impostor.until = "230201000000Z";
  const auto expired = issue(impostor);
  EXPECT_EQ(verify(Authority::from_pools({root}, {same_name, expired, middle}), leaf),
            (Path{leaf, middle, root}));
  EXPECT_EQ(verify(Authority::from_pools({root}, {}), leaf, {expired, same_name, middle}),
            (Path{leaf, middle, root}));
}

TEST(Authority, FindsItsWayAmongAuthoritiesThatSignEachOther) {
  const auto root = authority("root", "root");
  const Path mutual = {authority("a", "b"), authority("b", "a"), authority("b", "b"), authority("a", "a"),
                       authority("root", "a")};
  EXPECT_TRUE(verify(Authority::from_pools({root}, mutual), signer("b")));
  const Path circle(mutual.begin(), mutual.end() - 1);
  EXPECT_FALSE(verify(Authority::from_pools({root}, circle), signer("b")));
}

TEST(Authority, GivesUpOnTooManyWays) {
  Path maze;
  for (int i = 0; i < 30; ++i) {
    auto spec = testing::ca("maze", "maze");
    spec.extensions.push_back(testing::extension("1.2." + std::to_string(i), false, {}));
    maze.push_back(issue(spec));
  }
  const auto lost = verify(Authority::from_chain({authority("root", "root")}), signer("maze"), maze);
  EXPECT_EQ(lost.error().code, Code::too_large);
  EXPECT_EQ(lost.error().message, "the certificates make too many chains, or too long ones");
  maze.resize(limits::certificates + 1, maze.front());
  EXPECT_EQ(verify(Authority::from_chain({authority("root", "root")}), signer("maze"), maze).error().code,
            Code::too_large);
}

TEST(Authority, ChecksEveryLinkAtTheTimeThatIsGiven) {
  auto root = testing::ca("root", "root"), middle = testing::ca("root", "middle"),
       leaf = testing::code_signer("middle");
  root.from = "230101000000Z", root.until = "231231000000Z";
  middle.from = "230201000000Z", middle.until = "231130000000Z";
  leaf.from = "230301000000Z", leaf.until = "231031000000Z";
  const auto said = [&](std::string_view time) {
    return refusal({issue(middle), issue(root)}, issue(leaf), at(time));
  };
  EXPECT_EQ(said("2023-03-01T00:00:00Z"), "accepted");
  EXPECT_EQ(said("2023-10-31T00:00:00Z"), "accepted");
  EXPECT_EQ(said("2023-02-28T23:59:59Z"),
            "the certificate of jo@example.com was not valid at 2023-02-28T23:59:59Z: it is valid from "
            "2023-03-01T00:00:00Z to 2023-10-31T00:00:00Z");
  EXPECT_EQ(said("2023-10-31T00:00:00.001Z"),
            "the certificate of jo@example.com was not valid at 2023-10-31T00:00:00.001Z: it is valid from "
            "2023-03-01T00:00:00Z to 2023-10-31T00:00:00Z");
  leaf.from = "220101000000Z", leaf.until = "250101000000Z";
  EXPECT_EQ(said("2023-01-31T00:00:00Z"),
            "the intermediate certificate CN=middle was not valid at 2023-01-31T00:00:00Z: it is valid from "
            "2023-02-01T00:00:00Z to 2023-11-30T00:00:00Z");
  middle.from = "220101000000Z", middle.until = "250101000000Z";
  EXPECT_EQ(said("2024-01-01T00:00:00Z"),
            "the root certificate CN=root was not valid at 2024-01-01T00:00:00Z: it is valid from "
            "2023-01-01T00:00:00Z to 2023-12-31T00:00:00Z");
}

TEST(Authority, RefusesTheUnknownAndTheForged) {
  const auto root = authority("root", "root");
  EXPECT_EQ(refusal({root}, signer("other")),
            "no trusted authority issued the certificate of jo@example.com: its issuer is CN=other");
  const auto forged = testing::issue(testing::code_signer("root"), key("").public_key(), key("other"));
  EXPECT_EQ(
      refusal({root}, forged),
      "the certificate of jo@example.com is not signed by the key of its issuer: its issuer is CN=root");
  const auto middle = testing::issue(testing::ca("root", "middle"), key("middle").public_key(), key("other"));
  EXPECT_EQ(
      refusal({middle, root}, signer("middle")),
      "the intermediate certificate CN=middle is not signed by the key of its issuer: its issuer is CN=root");
  auto own = testing::code_signer("");
  EXPECT_EQ(refusal({root}, issue(own)),
            "no trusted authority issued the certificate of jo@example.com: it is its own issuer");
}

TEST(Authority, RefusesIssuersThatAreNone) {
  const auto root = authority("root", "root");
  auto middle = testing::ca("root", "middle");
  middle.extensions = {testing::ca_constraints(false), testing::key_usage(0x04)};
  EXPECT_EQ(
      refusal({issue(middle), root}, signer("middle")),
      "the intermediate certificate CN=middle is not an authority's: its basic constraints do not say CA");
  middle.extensions = {};
  EXPECT_EQ(
      refusal({issue(middle), root}, signer("middle")),
      "the intermediate certificate CN=middle is not an authority's: its basic constraints do not say CA");
  middle.extensions = {testing::ca_constraints(true), testing::key_usage(0x80)};
  EXPECT_EQ(
      refusal({issue(middle), root}, signer("middle")),
      "the intermediate certificate CN=middle may not issue certificates: its key usage does not list it");
  auto root_spec = testing::ca("root", "root");
  root_spec.extensions = {};
  EXPECT_EQ(refusal({issue(root_spec)}, signer("root")),
            "the root certificate CN=root is not an authority's: its basic constraints do not say CA");
  auto nameless = testing::ca("", "");
  nameless.extensions = {};
  EXPECT_EQ(refusal({issue(nameless)}, signer("")),
            "the root certificate without a name is not an authority's: its basic constraints do not say CA");
}

TEST(Authority, RefusesALeafThatIsAnAuthority) {
  auto leaf = testing::code_signer("root");
  leaf.extensions.push_back(testing::ca_constraints(true));
  EXPECT_EQ(
      refusal({authority("root", "root")}, issue(leaf)),
      "the certificate of jo@example.com is an authority's, which must not sign anything else: its basic "
      "constraints say CA");
  leaf.extensions.back() = testing::ca_constraints(false);
  EXPECT_EQ(refusal({authority("root", "root")}, issue(leaf)), "accepted");
  EXPECT_NE(refusal({authority("root", "root")}, authority("root", "root")), "accepted");
}

TEST(Authority, KeepsPathLengths) {
  auto root = testing::ca("root", "root");
  root.extensions = {testing::ca_constraints(true, 0), testing::key_usage(0x04)};
  EXPECT_EQ(refusal({issue(root)}, signer("root")), "accepted");
  EXPECT_EQ(
      refusal({authority("root", "middle"), issue(root)}, signer("middle")),
      "the root certificate CN=root cannot stand in its chain: more authorities stand below it than its path "
      "length allows");
  root.extensions[0] = testing::ca_constraints(true, 1);
  EXPECT_EQ(refusal({authority("root", "middle"), issue(root)}, signer("middle")), "accepted");
}

TEST(Authority, KeepsNameConstraints) {
  // Permitted: e-mail addresses at example.com.
  const Bytes subtree = der::encode(der::sequence, BytesView(testing::general_name(0x81, "example.com")));
  const auto constrain = [&](std::uint8_t which) {
    return testing::extension("2.5.29.30", true,
                              der::encode(der::sequence, BytesView(der::encode(which, BytesView(subtree)))));
  };
  auto middle = testing::ca("root", "middle");
  middle.extensions.push_back(constrain(0xA0));
  const Path permits = {issue(middle), authority("root", "root")};
  middle.extensions.back() = constrain(0xA1);
  const Path excludes = {issue(middle), authority("root", "root")};
  auto elsewhere = testing::code_signer("middle");
  elsewhere.extensions.back() = testing::alternative_names({testing::general_name(0x81, "jo@elsewhere.org")});
  EXPECT_EQ(refusal(permits, signer("middle")), "accepted");
  EXPECT_EQ(refusal(permits, issue(elsewhere)),
            "the certificate of jo@elsewhere.org cannot stand in its chain: its names are none that the name "
            "constraints of an authority above it allow");
  EXPECT_EQ(refusal(excludes, issue(elsewhere)), "accepted");
  EXPECT_NE(refusal(excludes, signer("middle")), "accepted");
}

TEST(Authority, ChecksTheKeyUsageOfTheLeaf) {
  auto leaf = testing::code_signer("root");
  leaf.extensions[0] = testing::key_usage(0x20);  // keyEncipherment
  EXPECT_EQ(refusal({authority("root", "root")}, issue(leaf)),
            "the certificate of jo@example.com is not for signatures: its key usage does not list them");
  leaf.extensions[0] = testing::key_usage(0x40);
  EXPECT_EQ(refusal({authority("root", "root")}, issue(leaf)), "accepted");
  leaf.extensions.erase(leaf.extensions.begin());
  EXPECT_EQ(refusal({authority("root", "root")}, issue(leaf)), "accepted");
}

TEST(Authority, ChecksThePurpose) {
  const Path root = {authority("root", "root")};
  auto leaf = testing::code_signer("root");
  const auto said = [&](const Bytes& usage, std::string_view purpose) {
    leaf.extensions[1] = usage;
    return refusal(root, issue(leaf), now, purpose);
  };
  const std::string code(code_signing), time(time_stamping);
  EXPECT_EQ(said(testing::extended_key_usage({time}, true), code_signing),
            "the certificate of jo@example.com is not for code signing: its extended key usage does not list "
            "1.3.6.1.5.5.7.3.3");
  EXPECT_EQ(
      said(testing::extended_key_usage({"2.5.29.37.0"}), code_signing).find("is not for code signing") ==
          std::string::npos,
      false);
  EXPECT_EQ(said(testing::extended_key_usage({"1.2.3", code}), code_signing), "accepted");
  EXPECT_EQ(
      said(testing::extended_key_usage({code}), time_stamping),
      "the certificate of jo@example.com is not for time stamping: its extended key usage does not list "
      "1.3.6.1.5.5.7.3.8");
  EXPECT_EQ(said(testing::extended_key_usage({time}, true), time_stamping), "accepted");
  for (const auto& usage :
       {testing::extended_key_usage({time}), testing::extended_key_usage({time, code}, true)})
    EXPECT_EQ(
        said(usage, time_stamping),
        "the certificate of jo@example.com is not for time stamping alone: its extended key usage must be "
        "critical and list nothing else (RFC 3161, 2.3)");
  leaf.extensions.erase(leaf.extensions.begin() + 1);
  EXPECT_NE(refusal(root, issue(leaf)), "accepted");
}

TEST(Authority, ChecksWhatItsIssuersMayIssue) {
  auto middle = testing::ca("root", "middle");
  const auto said = [&](const std::vector<std::string>& usages) {
    middle.extensions.resize(2);
    middle.extensions.push_back(testing::extended_key_usage(usages));
    return refusal({issue(middle), authority("root", "root")}, signer("middle"));
  };
  EXPECT_EQ(said({std::string(code_signing)}), "accepted");
  EXPECT_EQ(said({"1.2.3", "2.5.29.37.0"}), "accepted");
  EXPECT_EQ(
      said({std::string(time_stamping)}),
      "the intermediate certificate CN=middle may not issue certificates for code signing: its extended key "
      "usage does not list 1.3.6.1.5.5.7.3.3");
}

TEST(Authority, RefusesWhatIsCriticalAndUnknown) {
  const auto root = authority("root", "root");
  const Bytes odd = testing::extension("1.2.3.4", true, {}),
              harmless = testing::extension("1.2.3.4", false, {});
  auto leaf = testing::code_signer("root");
  leaf.extensions.push_back(odd);
  EXPECT_EQ(refusal({root}, issue(leaf)),
            "the certificate of jo@example.com has a critical extension that is not understood: its object "
            "identifier is 1.2.3.4");
  leaf.extensions.back() = harmless;
  EXPECT_EQ(refusal({root}, issue(leaf)), "accepted");
  leaf.extensions.back() = testing::extension("1.3.6.1.4.1.11129.2.4.3", true, {0x05, 0x00});  // CT's poison
  EXPECT_NE(refusal({root}, issue(leaf)), "accepted");
  auto middle = testing::ca("root", "middle");
  middle.extensions.push_back(odd);
  EXPECT_EQ(
      refusal({issue(middle), root}, signer("middle")),
      "the intermediate certificate CN=middle has a critical extension that is not understood: its object "
      "identifier is 1.2.3.4");
}

TEST(Authority, TakesCriticalNamesOfUnknownKinds) {
  auto leaf = testing::code_signer("root");
  const Bytes other = der::encode(
      0xA0, {der::encode_oid("1.2.3"), der::encode(0xA0, BytesView(der::encode(der::null, BytesView())))});
  leaf.extensions.back() = testing::alternative_names({other}, true);
  const auto unnamed = issue(leaf);
  EXPECT_TRUE(unnamed.names().empty());
  EXPECT_EQ(refusal({authority("root", "root")}, unnamed), "accepted");
  EXPECT_EQ(refusal({authority("root", "root")}, unnamed, at("2030-01-01T00:00:00Z"))
                .find("the certificate without a name"),
            0U);
}

TEST(Authority, ShowsNamesThatCannotMoveTheCursor) {
  auto leaf = testing::code_signer("root");
  const Bytes text = der::encode(der::utf8_string, as_bytes("a\x1b[2J"));
  leaf.extensions.back() = testing::alternative_names(
      {der::encode(0xA0, {der::encode_oid("1.3.6.1.4.1.57264.1.7"), der::encode(0xA0, BytesView(text))})});
  EXPECT_EQ(refusal({authority("root", "root")}, issue(leaf), at("2030-01-01T00:00:00Z"))
                .find(R"(the certificate of a\x1b[2J was not valid)"),
            0U);
}

TEST(Authority, TrustsALeafThatIsAnchoredItself) {
  const auto leaf = signer("gone");
  EXPECT_EQ(verify(Authority::from_chain({leaf}), leaf), Path{leaf});
  EXPECT_NE(refusal({leaf}, leaf, at("2030-01-01T00:00:00Z")), "accepted");
  EXPECT_NE(refusal({leaf}, leaf, now, time_stamping), "accepted");
  // A trusted leaf vouches for nobody else.
  EXPECT_NE(refusal({leaf}, signer("other")), "accepted");
}

TEST(Authority, FindsALeafThatItsChainLists) {
  const auto root = authority("root", "root"), leaf = issue(testing::time_stamper("root"));
  EXPECT_EQ(verify(Authority::from_chain({leaf, root}), leaf, {}, now, time_stamping), (Path{leaf, root}));
  EXPECT_EQ(verify(Authority::from_chain({leaf, root}), leaf, {root, leaf}, now, time_stamping),
            (Path{leaf, root}));
}

TEST(Authority, TakesTheKeysAndDigestsOfTheField) {
  for (const auto type :
       {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa, KeyType::ed25519}) {
    auto ca_key = PrivateKey::generate(type).value();
    const auto root = testing::issue(testing::ca("root", "root"), ca_key.public_key(), ca_key);
    const auto leaf = testing::issue(testing::code_signer("root"), key("").public_key(), ca_key);
    EXPECT_EQ(refusal({root}, leaf), "accepted") << name(type);
    const auto forged = testing::issue(testing::code_signer("root"), key("other").public_key(), ca_key);
    Bytes changed = forged.der();
    const auto tail = leaf.der().size() - 40;
    changed[changed.size() - 20] ^= 1;
    EXPECT_NE(refusal({root}, Certificate::parse(changed).value()), "accepted") << name(type) << tail;
  }
}

TEST(Authority, NeedsARoot) {
  EXPECT_EQ(Authority::from_chain({}).error().code, Code::invalid_argument);
  EXPECT_EQ(Authority::from_pools({}, {authority("a", "b")}).error().code, Code::invalid_argument);
}

TEST(Authority, IsUsedFromSeveralThreads) {
  const auto authorities = Authority::from_chain({authority("root", "middle"), authority("root", "root")});
  const auto good = signer("middle"), bad = signer("other");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        EXPECT_TRUE(authorities->verify(good, {}, now, code_signing));
        EXPECT_FALSE(authorities->verify(bad, {}, now, code_signing));
      }
    });
}

TEST(Authority, RemembersNoVerdict) {
  const auto root = Authority::from_chain({authority("root", "root")});
  std::vector<Certificate> leaves;
  for (int i = 0; i < 40; ++i) {
    auto spec = testing::code_signer("root");
    spec.extensions.push_back(testing::extension("1.2." + std::to_string(i), false, {}));
    leaves.push_back(issue(spec));
  }
  for (int round = 0; round < 2; ++round) {
    for (const auto& leaf : leaves) EXPECT_EQ(verify(root, leaf)->front(), leaf);
  }
  EXPECT_NE(refusal(verify(root, leaves.back(), {}, at("2030-01-01T00:00:00Z"))), "accepted");
  EXPECT_NE(refusal(verify(root, leaves.back(), {}, now, time_stamping)), "accepted");
}

// A signature that was good once is not taken for one of another certificate.
TEST(Authority, RemembersSignaturesOfExactlyOnePair) {
  const auto root = Authority::from_chain({authority("root", "root")});
  const auto leaf = signer("root");
  EXPECT_TRUE(verify(root, leaf));
  EXPECT_TRUE(verify(root, leaf));
  Bytes changed = leaf.der();
  const auto name = std::ranges::search(changed, std::string_view("jo@example.com"));
  *name.begin() = 'k';
  EXPECT_EQ(
      refusal(verify(root, Certificate::parse(changed).value())),
      "the certificate of ko@example.com is not signed by the key of its issuer: its issuer is CN=root");
  EXPECT_TRUE(verify(root, leaf));
}

TEST(Authority, JudgesWhatOpenSslWrites) {
  const auto all = Certificate::parse_pem(testing::read_file(TESTDATA "/like-fulcio.pem"), "chain").value();
  ASSERT_EQ(all.size(), 3U);
  const auto issuers = Authority::from_chain({all[1], all[2]});
  const Time from = std::max(all[0].validity().not_before, all[1].validity().not_before);
  EXPECT_EQ(verify(issuers, all[0], {}, from), all);
  EXPECT_NE(refusal(verify(issuers, all[0], {}, from, time_stamping)), "accepted");
  EXPECT_EQ(refusal(verify(Authority::from_chain({all[2]}), all[0], {}, from)),
            "no trusted authority issued the certificate of jo@example.com: its issuer is O=like.dev, "
            "CN=like-intermediate");
}

TEST(Authority, JudgesTheStrengthOfKeysAndDigests) {
  const auto said = [](const std::string& file) {
    const auto pair = Certificate::parse_pem(testing::read_file(TESTDATA "/" + file), "chain").value();
    return refusal({pair[1]}, pair[0], pair[0].validity().not_before);
  };
  EXPECT_EQ(said("pss.pem"), "accepted");
  EXPECT_EQ(said("weak-digest.pem"),
            "the certificate of jo@example.com cannot stand in its chain: its signature is by a digest that "
            "is too weak");
  EXPECT_EQ(said("weak-key.pem"),
            "the certificate of jo@example.com cannot stand in its chain: its key is too short");
}

// The leaves of Fulcio with the authorities of the root that each case names.
TEST(Authority, VerifiesThoseOfTheVectors) {
  const auto vectors = testing::bundle_vectors();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  std::size_t verified = 0;
  for (const auto& folder : testing::bundle_cases(*vectors)) {
    const auto one = testing::read_case(*vectors, folder);
    if (!one) continue;
    const auto certificates = testing::certificates_in(one->bundle);
    if (certificates.empty() || folder.find("wrong-instance") != std::string::npos) continue;
    const auto& leaf = certificates.front();
    std::size_t paths = 0;
    for (const auto& entry : *one->root.get("certificateAuthorities")->array()) {
      const auto ca = Authority::from_chain(testing::certificates_in(entry));
      ASSERT_TRUE(ca) << folder << ": " << ca.error().text();
      const auto path =
          ca->verify(leaf, std::span(certificates).subspan(1), leaf.validity().not_before, code_signing);
      paths += path ? 1 : 0;
      if (path)
        EXPECT_EQ(
            refusal(ca->verify(leaf, {}, leaf.validity().not_after + std::chrono::seconds(1), code_signing))
                    .find("was not valid at") == std::string::npos,
            false);
    }
    EXPECT_EQ(paths, 1U) << folder;
    verified += paths;
  }
  EXPECT_GT(verified, 20U);
}

}  // namespace
}  // namespace sigstore::crypto::x509
