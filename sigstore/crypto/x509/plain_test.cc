// Paths that are judged without OpenSSL: which are, which are not, and that OpenSSL agrees.
#include "sigstore/crypto/x509/internal/plain.h"

#include <gtest/gtest.h>

#include <map>

#include "sigstore/codec/der.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/x509/chain.h"
#include "sigstore/crypto/x509/internal/path.h"
#include "sigstore/crypto/x509/internal/rules.h"
#include "sigstore/crypto/x509/testing/issue.h"
#include "sigstore/crypto/x509/testing/vectors.h"

namespace sigstore::crypto::x509::internal {
namespace {

namespace der = codec::der;
using testing::Spec;

// One of RSA is enough: they take long to make.
PrivateKey& key(KeyType type, std::string name) {
  if (type == KeyType::rsa) name.clear();
  static std::map<std::pair<KeyType, std::string>, PrivateKey> made;
  const auto found = made.find({type, name});
  if (found != made.end()) return found->second;
  return made.emplace(std::pair(type, name), PrivateKey::generate(type).value()).first->second;
}

// A change that is made to one certificate of a good chain.
struct Change {
  std::string name;
  std::function<void(Spec&)> make;
};

Bytes whole(std::uint8_t tag, std::string_view text) {
  return der::encode(tag, as_bytes(text));
}

// KeyIdentifier of the subject, and the extension that names the issuer's.
Bytes own_id(std::string_view id) {
  return testing::extension("2.5.29.14", false, whole(der::octet_string, id));
}
Bytes issuer_id(const std::vector<Bytes>& fields) {
  return testing::extension("2.5.29.35", false, der::encode(der::sequence, fields));
}

std::function<void(Spec&)> with(Bytes extension) {
  return [extension](Spec& spec) { spec.extensions.push_back(extension); };
}

const Bytes email = testing::general_name(0x81, "jo@example.com");
const Bytes directory = der::encode(0xA4, BytesView(testing::common_name("jo")));
const Bytes registered = whole(0x88, "*");
const Bytes subtrees = der::encode(
    der::sequence, BytesView(der::encode(
                       0xA0, BytesView(der::encode(der::sequence, BytesView(whole(0x81, "example.com")))))));
const Bytes any_policy = der::encode(
    der::sequence, BytesView(der::encode(der::sequence, BytesView(der::encode_oid("2.5.29.32.0")))));

struct Chain {
  std::vector<Spec> specs = {testing::code_signer("middle"), testing::ca("root", "middle"),
                             testing::ca("root", "root")};
  std::vector<KeyType> types = {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p384};

  [[nodiscard]] std::vector<Certificate> issue() const {
    std::vector<Certificate> out;
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const auto issuer = std::min(i + 1, specs.size() - 1);
      out.push_back(testing::issue(specs[i], key(types[i], std::to_string(i)).public_key(),
                                   key(types[issuer], std::to_string(issuer))));
    }
    return out;
  }
};

bool plain(const std::vector<Certificate>& path) {
  std::vector<const Certificate*> views;
  for (const auto& one : path) views.push_back(&one);
  return is_plain_path(views);
}

bool plain(const Chain& chain) {
  return plain(chain.issue());
}

// What OpenSSL says of a path: its reason, or "good".
std::string by_openssl(const std::vector<Certificate>& path) {
  std::vector<X509Ptr> opened;
  std::vector<X509*> views;
  for (const auto& one : path) {
    auto x509 = open_certificate(one);
    if (!x509) return "cannot be read";
    views.push_back(opened.emplace_back(std::move(*x509)).get());
  }
  const auto judged =
      judge_path(views, [&](std::size_t at) { return is_signed_by(*views[at], *views[at + 1]); });
  return judged ? "good" : judged.error().reason;
}

// Whether what is asked of each certificate, before a path is judged as a whole, is so.
bool passes_rules(const std::vector<Certificate>& path) {
  const Time at = codec::rfc3339::parse("2023-06-01T00:00:00Z").value();
  if (!check_leaf(path.front(), code_signing, at)) return false;
  for (std::size_t i = 1; i < path.size(); ++i)
    if (!check_authority(path[i], Role::intermediate, code_signing, at)) return false;
  return true;
}

TEST(PlainPath, IsTheUsualOne) {
  Chain chain;
  EXPECT_TRUE(plain(chain));
  EXPECT_EQ(by_openssl(chain.issue()), "good");
  for (const auto& extension :
       {testing::extension("1.3.6.1.4.1.57264.1.1", false, to_bytes("https://issuer")),
        testing::extension("1.3.6.1.4.1.11129.2.4.2", false, whole(der::octet_string, "list")),
        own_id("leaf"), issuer_id({whole(0x80, "middle")})})
    chain.specs[0].extensions.push_back(extension);
  chain.specs[1].extensions.push_back(own_id("middle"));
  chain.specs[1].extensions[0] = testing::ca_constraints(true, 0);
  chain.specs[2].extensions[0] = testing::ca_constraints(true, 1);
  EXPECT_TRUE(plain(chain));
  EXPECT_EQ(by_openssl(chain.issue()), "good");
  EXPECT_TRUE(
      plain(Certificate::parse_pem(testing::read_file(TESTDATA "/like-fulcio.pem"), "chain").value()));
}

TEST(PlainPath, LeavesWhatIsUnusualToOpenSsl) {
  const std::vector<Change> anywhere = {
      {"name constraints", with(testing::extension("2.5.29.30", true, subtrees))},
      {"name constraints, not critical", with(testing::extension("2.5.29.30", false, subtrees))},
      {"policies", with(testing::extension("2.5.29.32", false, any_policy))},
      {"critical policies", with(testing::extension("2.5.29.32", true, any_policy))},
      {"policy constraints", with(testing::extension("2.5.29.36", false, whole(der::sequence, "")))},
      {"a proxy", with(testing::extension("1.3.6.1.5.5.7.1.14", false, whole(der::sequence, "")))},
      {"addresses", with(testing::extension("1.3.6.1.5.5.7.1.7", false, whole(der::sequence, "")))},
      {"lists of the revoked", with(testing::extension("2.5.29.31", false, whole(der::sequence, "")))},
      {"something unknown", with(testing::extension("1.2.3", false, {}))},
      {"almost Fulcio's", with(testing::extension("1.3.6.1.4.1.57264.10", false, {}))},
      {"a broken key identifier", with(testing::extension("2.5.29.14", false, {0x04}))},
      {"a key identifier and more", with(testing::extension("2.5.29.14", false, {0x04, 0x00, 0x05, 0x00}))},
      {"no key identifier", with(testing::extension("2.5.29.14", false, whole(der::sequence, "")))},
      {"an issuer by nothing", with(issuer_id({}))},
      {"an issuer by its serial", with(issuer_id({whole(0x80, "k"), whole(0x82, "\x2A")}))},
      {"an issuer by its name", with(issuer_id({der::encode(0xA1, BytesView(directory))}))},
      {"a broken issuer's identifier", with(testing::extension("2.5.29.35", false, {0x30, 0x05}))}};
  for (std::size_t i = 0; i < 3; ++i)
    for (const auto& change : anywhere) {
      Chain chain;
      change.make(chain.specs[i]);
      EXPECT_FALSE(plain(chain)) << change.name << " in " << i;
    }
  for (const auto& names : std::vector<std::vector<Bytes>>{{directory}, {email, directory}, {registered}}) {
    Chain chain;
    chain.specs[0].extensions.back() = testing::alternative_names(names);
    EXPECT_FALSE(plain(chain));
  }
}

TEST(PlainPath, KeepsPathLengths) {
  Chain chain;
  chain.specs[2].extensions[0] = testing::ca_constraints(true, 0);
  EXPECT_FALSE(plain(chain));
  EXPECT_EQ(by_openssl(chain.issue()), "more authorities stand below it than its path length allows");
  chain.specs[2].extensions[0] = testing::ca_constraints(true, 1);
  EXPECT_TRUE(plain(chain));
  chain.specs[0].extensions.push_back(testing::ca_constraints(false, 1));
  EXPECT_FALSE(plain(chain));
}

TEST(PlainPath, NeedsAuthorities) {
  for (const std::size_t i : {1, 2}) {
    Chain chain;
    chain.specs[i].extensions = {testing::ca_constraints(false), testing::key_usage(0x04)};
    EXPECT_FALSE(plain(chain));
    chain.specs[i].extensions = {testing::ca_constraints(true), testing::key_usage(0x80)};
    EXPECT_FALSE(plain(chain));
    chain.specs[i].extensions = {};
    EXPECT_FALSE(plain(chain));
  }
}

TEST(PlainPath, NeedsKeyIdentifiersThatAgree) {
  for (const std::size_t i : {0, 1}) {
    Chain chain;
    chain.specs[i].extensions.push_back(issuer_id({whole(0x80, "one")}));
    EXPECT_TRUE(plain(chain)) << "the issuer does not say which it is";
    chain.specs[i + 1].extensions.push_back(own_id("two"));
    EXPECT_FALSE(plain(chain));
    EXPECT_EQ(by_openssl(chain.issue()), "unable to get local issuer certificate");
  }
}

TEST(PlainPath, IsOfEllipticCurvesAlone) {
  for (std::size_t i = 0; i < 3; ++i)
    for (const auto type : {KeyType::rsa, KeyType::ed25519}) {
      Chain chain;
      chain.types[i] = type;
      EXPECT_FALSE(plain(chain)) << i << name(type);
    }
  for (const std::string file : {"pss.pem", "weak-digest.pem", "weak-key.pem"}) {
    const auto path = Certificate::parse_pem(testing::read_file(TESTDATA "/" + file), "chain").value();
    EXPECT_FALSE(plain(path)) << file;
    EXPECT_EQ(plainly_signed(path[0], path[1]), std::nullopt) << file;
  }
}

TEST(PlainPath, IsNoOtherOrderAndNotOneCertificate) {
  const auto all = Chain().issue();
  EXPECT_FALSE(is_plain_path({}));
  EXPECT_FALSE(plain(std::vector{all[0]}));
  EXPECT_FALSE(plain({all[0], all[2]}));
  EXPECT_FALSE(plain({all[0], all[2], all[1]}));
  EXPECT_FALSE(plain({all[0], all[1], all[2], all[2]}));  // self-issued in the middle
  EXPECT_TRUE(plain({all[0], all[1]}));
}

TEST(PlainSignature, IsCheckedWithTheIssuersKey) {
  const auto all = Chain().issue();
  EXPECT_EQ(plainly_signed(all[0], all[1]), true);
  EXPECT_EQ(plainly_signed(all[1], all[2]), true);
  EXPECT_EQ(plainly_signed(all[0], all[2]), false);
  // P-256 does not sign with SHA-384 here: OpenSSL is asked.
  EXPECT_EQ(plainly_signed(all[1], all[0]), std::nullopt);
  Bytes changed = all[0].der();
  changed[changed.size() - 5] ^= 1;
  EXPECT_EQ(plainly_signed(Certificate::parse(changed).value(), all[1]), false);
  const auto padded = [&] {  // one more octet in the signature's bit string
    Bytes signature(all[0].signature().begin(), all[0].signature().end());
    signature.push_back(0);
    const auto view = all[0].tbs(), algorithm = all[0].algorithm();
    return der::encode(der::sequence,
                       {Bytes(view.begin(), view.end()), Bytes(algorithm.begin(), algorithm.end()),
                        der::encode_bit_string(signature)});
  }();
  EXPECT_EQ(plainly_signed(Certificate::parse(padded).value(), all[1]), false);
}

// Changes of every kind in every place, three at a time: where a path is plain and each
// certificate fits its place, OpenSSL has nothing against it.
TEST(PlainPath, IsOneThatOpenSslTakes) {
  const std::vector<Change> changes = {
      {"nothing", [](Spec&) {}},
      {"an identifier", with(own_id("one"))},
      {"another identifier", with(own_id("two"))},
      {"by an identifier", with(issuer_id({whole(0x80, "one")}))},
      {"constraints", with(testing::extension("2.5.29.30", true, subtrees))},
      {"policies", with(testing::extension("2.5.29.32", true, any_policy))},
      {"revoked", with(testing::extension("2.5.29.31", false, {0x30, 0x01}))},
      {"proxy", with(testing::extension("1.3.6.1.5.5.7.1.14", false, whole(der::sequence, "")))},
      {"unknown", with(testing::extension("1.2.3", false, {}))},
      {"no authority", [](Spec& s) { s.extensions[0] = testing::ca_constraints(false); }},
      {"authority", [](Spec& s) { s.extensions[0] = testing::ca_constraints(true); }},
      {"none below", [](Spec& s) { s.extensions[0] = testing::ca_constraints(true, 0); }},
      {"one below", [](Spec& s) { s.extensions[0] = testing::ca_constraints(true, 1); }},
      {"no usage", [](Spec& s) { s.extensions[1] = testing::key_usage(0x20); }},
      {"all usages", [](Spec& s) { s.extensions[1] = testing::key_usage(0x84); }},
      {"names", with(testing::alternative_names({directory}))},
      {"self-issued", [](Spec& s) { s.subject = s.issuer; }}};
  // Of every place, what each change makes of its certificate; some make none that can be read.
  std::vector<std::vector<std::pair<Certificate, std::string>>> made(3);
  for (std::size_t i = 0; i < 3; ++i)
    for (const auto& change : changes) {
      Spec spec = Chain().specs[i];
      change.make(spec);
      auto& own = key(KeyType::ecdsa_p256, std::to_string(i));
      auto& issuer = key(KeyType::ecdsa_p256, std::to_string(std::min<std::size_t>(i + 1, 2)));
      const auto bytes = testing::sign(testing::tbs(spec, own.public_key(), issuer.public_key()), issuer);
      if (auto certificate = Certificate::parse(bytes)) made[i].emplace_back(*certificate, change.name);
    }
  std::size_t plain_ones = 0, others = 0;
  for (const auto& [leaf, a] : made[0])
    for (const auto& [middle, b] : made[1])
      for (const auto& [root, c] : made[2]) {
        const std::vector<Certificate> path = {leaf, middle, root};
        if (!plain(path) || !passes_rules(path)) {
          ++others;
          continue;
        }
        ++plain_ones;
        EXPECT_EQ(by_openssl(path), "good") << a << ", " << b << ", " << c;
      }
  EXPECT_GT(plain_ones, 50U);
  EXPECT_GT(others, 2000U);
}

}  // namespace
}  // namespace sigstore::crypto::x509::internal
