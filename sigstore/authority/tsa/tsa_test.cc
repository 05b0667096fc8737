// What an authority issues, and each way in which a token can be wrong, judged by sigstore/timestamp.
#include "sigstore/authority/tsa/tsa.h"

#include <gtest/gtest.h>

#include "sigstore/authority/ca/extension.h"
#include "sigstore/authority/ca/profile.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/sha1.h"
#include "sigstore/timestamp/token.h"

namespace sigstore::authority::tsa {
namespace {

namespace der = codec::der;
using crypto::HashAlgorithm;
using crypto::KeyType;
using crypto::PrivateKey;
using crypto::Scheme;
using crypto::x509::Certificate;
using timestamp::Request;
using timestamp::TimestampAuthority;
using timestamp::Token;

const std::string message = "the signature that is timestamped";

Time at(std::string_view text) {
  return codec::rfc3339::parse(text).value();
}
const Time now = at("2026-07-24T01:02:03Z");

using Change = std::function<void(ca::CertificateTemplate&)>;

// A root, an authority below it, and how both are trusted.
struct World {
  explicit World(KeyType type = KeyType::ecdsa_p256, const Change& change = {})
      : root_key(PrivateKey::generate(KeyType::ecdsa_p256).value()),
        root(ca::root(holder(root_key, 1), ca::make_name("test", "root"))),
        root_certificate(parse(ca::issue(root, ca::issuer_of(root, root_key)))),
        key(std::make_shared<PrivateKey>(PrivateKey::generate(type).value())),
        leaf(certificate(*key, "tsa", 2, change)),
        tsa(Tsa::create(key, {leaf, root_certificate}).value()) {}

  static ca::Holder holder(const crypto::Signer& key, std::uint8_t serial) {
    return {key.public_key().spki(), {at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")}, {serial}};
  }
  static Certificate parse(const Result<Bytes>& issued) { return Certificate::parse(issued.value()).value(); }

  Certificate certificate(const crypto::Signer& of, std::string_view name, std::uint8_t serial,
                          const Change& change = {}) {
    const auto issuer = ca::issuer_of(root, root_key);
    auto made = ca::time_stamping(holder(of, serial), ca::make_name("test", name), issuer);
    if (change) change(made);
    return parse(ca::issue(made, issuer));
  }
  TimestampAuthority trusted(bool leaf_is_known = false) const {
    TimestampAuthority out{{}, crypto::x509::Authority::from_chain({root_certificate}).value()};
    if (leaf_is_known) out.leaf = leaf;
    return out;
  }
  TokenTemplate prepare(const Request& request) { return tsa.prepare(request, now, random); }

  PrivateKey root_key;
  ca::CertificateTemplate root;
  Certificate root_certificate;
  std::shared_ptr<PrivateKey> key;
  Certificate leaf;
  Tsa tsa;
  fakes::SeededRandom random;
};

Request request(HashAlgorithm algorithm = HashAlgorithm::sha256) {
  return {
      .algorithm = algorithm, .imprint = crypto::hash(algorithm, as_bytes(message)), .certificates = true};
}

Result<Time> judge(const Result<Bytes>& token, const TimestampAuthority& by) {
  TRY(const auto bytes, token);
  TRY(const auto parsed, Token::parse(bytes));
  return timestamp::verify(parsed, as_bytes(message), by);
}

// --- good ones

TEST(Tsa, AnswersWhatIsAsked) {
  World world;
  for (const auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    Request asked = request(algorithm);
    asked.nonce = Bytes{0, 0x81, 2};
    const auto answer = world.tsa.answer(asked.encode(), now, world.random);
    const auto token = Token::parse(answer.value());
    ASSERT_TRUE(token) << token.error().text();
    EXPECT_EQ(token->time(), now);
    EXPECT_EQ(token->algorithm(), algorithm);
    EXPECT_EQ(token->imprint(), asked.imprint);
    EXPECT_EQ(token->nonce(), asked.nonce);
    EXPECT_EQ(token->policy(), "1.3.6.1.4.1.57264.2");
    EXPECT_EQ(token->accuracy(), Duration(std::chrono::seconds(1)));
    EXPECT_EQ(token->certificates(), std::vector{world.leaf});
    EXPECT_EQ(timestamp::verify(*token, as_bytes(message), world.trusted()), now);
    EXPECT_EQ(timestamp::verify(*token, as_bytes(message), world.trusted(true)), now);
  }
}

TEST(Tsa, CarriesCertificatesOnlyWhenAsked) {
  World world;
  Request asked = request();
  asked.certificates = false;
  const auto answer = world.tsa.answer(asked.encode(), now, world.random);
  EXPECT_TRUE(Token::parse(answer.value())->certificates().empty());
  EXPECT_TRUE(judge(answer, world.trusted(true)));
  EXPECT_EQ(judge(answer, world.trusted()).error().code, Code::mismatch);
}

TEST(Tsa, SerialNumbersDiffer) {
  World world;
  const auto serial = [&] {
    return Token::parse(world.tsa.answer(request().encode(), now, world.random).value())->serial();
  };
  EXPECT_NE(serial(), serial());
  EXPECT_EQ(serial().size(), 20U);
}

TEST(Tsa, SignsWithEachKind) {
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa}) {
    World world(type);
    const auto answer = world.tsa.answer(request().encode(), now, world.random);
    EXPECT_EQ(judge(answer, world.trusted()), now) << name(type);
  }
}

TEST(Tsa, DoesNotSignWithEd25519) {
  auto key = std::make_shared<PrivateKey>(PrivateKey::generate(KeyType::ed25519).value());
  World world;
  const auto made = Tsa::create(key, {world.leaf});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::unsupported);
}

TEST(Tsa, NeedsTheCertificateOfItsKey) {
  World world, other;
  EXPECT_EQ(Tsa::create(world.key, {other.leaf}).error().code, Code::mismatch);
  EXPECT_EQ(Tsa::create(world.key, {}).error().code, Code::invalid_argument);
}

TEST(Tsa, SaysWhatIsWrongWithARequest) {
  World world;
  const auto refusal = [&](const Bytes& asked) {
    const auto answer = world.tsa.answer(asked, now, world.random);
    return Token::parse(answer.value()).error().text();
  };
  const std::string refused = "the timestamp authority refused: status 2: ";
  Request asked = request();
  asked.policy = "1.2.3";
  EXPECT_EQ(refusal(asked.encode()), refused + "the one policy here is 1.3.6.1.4.1.57264.2");
  EXPECT_EQ(refusal(to_bytes("hello")),
            refused + "not a timestamp request: not valid DER: tag 104 stands where 48 must");
  EXPECT_EQ(refusal(Bytes(limits::timestamp_bytes + 1)), refused + "a timestamp request is too large");
}

// --- all the others

using Damage = std::function<void(TokenTemplate&, World&)>;
struct Bad {
  const char* what;
  Damage damage;
  Code code;
  const char* text;  // how it begins
};

// The list of ESSCertID or ESSCertIDv2 of one hash, with or without a digest algorithm.
Attribute named_by(std::string_view oid, BytesView hash, std::string_view digest = {}) {
  std::vector<Bytes> parts;
  if (!digest.empty()) parts.push_back(der::encode(der::sequence, BytesView(der::encode_oid(digest))));
  parts.push_back(der::encode(der::octet_string, hash));
  const Bytes ids = der::encode(der::sequence, BytesView(der::encode(der::sequence, parts)));
  return {std::string(oid), der::encode(der::sequence, BytesView(ids))};
}
constexpr std::string_view sha384_oid = "2.16.840.1.101.3.4.2.2", sha1_oid = "1.3.14.3.2.26";

Attribute signing_time(std::string_view time, std::uint8_t tag = der::utc_time) {
  return {"1.2.840.113549.1.9.5", der::encode(tag, as_bytes(time))};
}

std::vector<Attribute>& attributes(TokenTemplate& token) {
  return token.signers.front().attributes;
}
Bytes extension(bool critical) {
  return der::encode(der::sequence, {der::encode_oid("1.2.3.4"), der::encode_boolean(critical),
                                     der::encode(der::octet_string, BytesView())});
}

const std::vector<Bad> bad_tokens = {
    {"about other bytes", [](auto& t, auto&) { t.info.imprint[0] ^= 1; }, Code::mismatch,
     "the timestamp is about other bytes"},
    {"about the same digest by another algorithm",
     [](auto& t, auto&) {
       t.info.algorithm = HashAlgorithm::sha512;
       t.info.imprint.resize(64);
     },
     Code::mismatch, "the timestamp is about other bytes"},
    {"a signature one bit off", [](auto& t, auto&) { t.signers[0].damage = 1; }, Code::bad_signature,
     "the timestamp's signature does not verify"},
    {"no signature", [](auto& t, auto&) { t.signers[0].signature = Bytes(); }, Code::bad_signature,
     "the timestamp's signature does not verify"},
    {"signed by another key", [](auto& t, auto& w) { t.signers[0].signer = &w.root_key; },
     Code::bad_signature, "the timestamp's signature does not verify"},
    {"another digest of the content", [](auto& t, auto&) { t.signers[0].message_digest = Bytes(32); },
     Code::bad_signature, "the timestamp is not the one that was signed"},
    {"a digest of another length", [](auto& t, auto&) { t.signers[0].message_digest = Bytes(48); },
     Code::malformed,
     "not a timestamp token: the signed attribute messageDigest is not as long as the signer's digest is"},
    {"no digest of the content", [](auto& t, auto&) { t.signers[0].message_digest_is_there = false; },
     Code::malformed, "not a timestamp token: the signed attribute messageDigest is missing"},
    {"an empty digest of the content", [](auto& t, auto&) { t.signers[0].message_digest = Bytes(); },
     Code::malformed, "not a timestamp token: the signed attribute messageDigest is not as long"},
    {"no signed attributes", [](auto& t, auto&) { t.signers[0].attributes_are_there = false; },
     Code::malformed, "not a timestamp token: it has no signed attributes"},
    {"no attribute contentType", [](auto& t, auto&) { attributes(t).erase(attributes(t).begin()); },
     Code::malformed, "not a timestamp token: the signed attribute contentType is missing"},
    {"another attribute contentType", [](auto& t, auto&) { attributes(t)[0] = content_type(oid::data); },
     Code::malformed,
     "not a timestamp token: the signed attribute contentType says 1.2.840.113549.1.7.1, not TSTInfo"},
    {"contentType twice", [](auto& t, auto&) { attributes(t).push_back(content_type(oid::tst_info)); },
     Code::malformed, "not a timestamp token: the signed attribute contentType stands there twice"},
    {"contentType with two values",
     [](auto& t, auto&) {
       auto& value = attributes(t)[0].value;
       const Bytes copy = value;
       value.insert(value.end(), copy.begin(), copy.end());
     },
     Code::malformed, "not a timestamp token: a signed attribute has more than one value"},
    {"messageDigest twice",
     [](auto& t, auto&) {
       attributes(t).push_back(
           {std::string(oid::message_digest), der::encode(der::octet_string, BytesView(Bytes(32)))});
     },
     Code::malformed, "not a timestamp token: the signed attribute messageDigest stands there twice"},
    {"content that is no TSTInfo", [](auto& t, auto&) { t.content_type = oid::data; }, Code::malformed,
     "not a timestamp token: what is signed is not a TSTInfo but 1.2.840.113549.1.7.1"},
    {"content that only says it is a TSTInfo", [](auto& t, auto&) { t.content = to_bytes("hello"); },
     Code::malformed, "not a timestamp token: not valid DER"},
    {"no ESSCertID", [](auto& t, auto&) { attributes(t).pop_back(); }, Code::malformed,
     "not a timestamp token: no signed attribute names the signer's certificate (ESSCertID)"},
    {"ESSCertIDv2 of another certificate",
     [](auto& t, auto& w) { attributes(t)[1] = signing_certificate(w.root_certificate); }, Code::mismatch,
     "the timestamp was signed with another certificate than it names (ESSCertID)"},
    {"ESSCertIDv2 with another issuer",
     [](auto& t, auto& w) {
       attributes(t)[1] = signing_certificate(w.certificate(*w.key, "tsa", 9));
       const Bytes hash = crypto::sha256(w.leaf.der());  // the right hash, and the other one's number
       std::ranges::copy(hash, attributes(t)[1].value.begin() + 8);
     },
     Code::mismatch, "the timestamp was signed with another certificate than it names (ESSCertID)"},
    {"ESSCertIDv2 twice", [](auto& t, auto&) { attributes(t).push_back(attributes(t)[1]); }, Code::malformed,
     "not a timestamp token: the signed attribute signingCertificateV2 stands there twice"},
    {"ESSCertIDv2 by an unknown digest",
     [](auto& t, auto& w) {
       attributes(t)[1] = named_by(oid::signing_certificate_v2, crypto::sha1(w.leaf.der()), sha1_oid);
     },
     Code::unsupported, "the digest algorithm SHA-1 is not supported"},
    {"ESSCertIDv2 without a certificate",
     [](auto& t, auto&) { attributes(t)[1].value = der::encode(der::sequence, BytesView(Bytes{0x30, 0})); },
     Code::malformed, "not a timestamp token: not valid DER: an element is missing"},
    {"a right ESSCertIDv2 and a wrong ESSCertID",
     [](auto& t, auto&) { attributes(t).push_back(named_by(oid::signing_certificate, Bytes(20))); },
     Code::mismatch, "the timestamp was signed with another certificate than it names (ESSCertID)"},
    {"signed when its certificate was not valid",
     [](auto& t, auto&) { attributes(t).push_back(signing_time("191231235959Z")); }, Code::mismatch,
     "the timestamp was signed when its certificate was not valid: its signed attribute signingTime says "
     "2019-12-31T23:59:59Z"},
    {"signed at no time", [](auto& t, auto&) { attributes(t).push_back(signing_time("2607240102Z")); },
     Code::malformed, "not a timestamp token: the signed attribute signingTime is broken"},
    {"signed twice",
     [](auto& t, auto&) {
       attributes(t).push_back(signing_time("260724010203Z"));
       attributes(t).push_back(signing_time("260724010204Z"));
     },
     Code::malformed, "not a timestamp token: the signed attribute signingTime stands there twice"},
    {"two signers", [](auto& t, auto&) { t.signers.push_back(t.signers[0]); }, Code::malformed,
     "not a timestamp token: it has more than one signer"},
    {"two signers, of which one is good",
     [](auto& t, auto&) {
       t.signers.push_back(t.signers[0]);
       t.signers[1].damage = 1;
     },
     Code::malformed, "not a timestamp token: it has more than one signer"},
    {"nobody", [](auto& t, auto&) { t.signers.clear(); }, Code::malformed,
     "not a timestamp token: nobody signed it"},
    {"a digest that is not that of the signature",
     [](auto& t, auto&) { t.signers[0].digest = HashAlgorithm::sha512; }, Code::mismatch,
     "the timestamp's signature is ecdsa-sha256, and its digest sha512"},
    {"a signature that says it is of another digest",
     [](auto& t, auto&) { t.signers[0].stated_algorithm = "1.2.840.10045.4.3.3"; }, Code::mismatch,
     "the timestamp's signature is ecdsa-sha384, and its digest sha256"},
    {"a signature that says it is RSA",
     [](auto& t, auto&) { t.signers[0].stated_algorithm = "1.2.840.113549.1.1.11"; }, Code::mismatch,
     "the timestamp's signature is not of the key's kind"},
    {"a signature that says it is RSA, in the old way",
     [](auto& t, auto&) { t.signers[0].stated_algorithm = "1.2.840.113549.1.1.1"; }, Code::mismatch,
     "the timestamp's signature is not of the key's kind"},
    {"a signature by SHA-1", [](auto& t, auto&) { t.signers[0].stated_algorithm = "1.2.840.10045.4.1"; },
     Code::unsupported, "the timestamp's signature algorithm is not supported: 1.2.840.10045.4.1"},
    {"a signature by RSA-PSS",
     [](auto& t, auto&) { t.signers[0].stated_algorithm = "1.2.840.113549.1.1.10"; }, Code::unsupported,
     "the timestamp's signature algorithm is not supported: 1.2.840.113549.1.1.10"},
    {"by issuer and number of another", [](auto& t, auto&) { t.signers[0].serial = {7}; }, Code::mismatch,
     "the timestamp "},
    {"by the issuer's other name",
     [](auto& t, auto&) { t.signers[0].issuer = ca::encode(ca::make_name("test", "Root")); }, Code::mismatch,
     "the timestamp "},
    {"by a key identifier that nobody has", [](auto& t, auto&) { t.signers[0].key_id = Bytes{1}; },
     Code::mismatch, "the timestamp "},
    {"TSTInfo of version 2", [](auto& t, auto&) { t.info.version = 2; }, Code::unsupported,
     "the timestamp's version is not 1"},
    {"an imprint of another length", [](auto& t, auto&) { t.info.imprint.pop_back(); }, Code::malformed,
     "not a timestamp token: not a TSTInfo: the imprint is not as long as its digest is"},
    {"a critical extension", [](auto& t, auto&) { t.info.extensions = {extension(true)}; }, Code::unsupported,
     "the timestamp has a critical extension that is not known: 1.2.3.4"},
    {"local time", [](auto& t, auto&) { t.info.time = "20260724010203+0200"; }, Code::malformed,
     "not a timestamp token: not a TSTInfo: genTime must look like"},
    {"no time", [](auto& t, auto&) { t.info.time.clear(); }, Code::malformed,
     "not a timestamp token: not a TSTInfo: genTime must look like"},
    {"a serial number that is not minimal", [](auto& t, auto&) { t.info.serial = {0, 1}; }, Code::malformed,
     "not a timestamp token: not valid DER: an integer is not minimal"},
    {"before its certificate", [](auto& t, auto&) { t.info.time = "20251231235959Z"; }, Code::mismatch, ""},
    {"after its certificate", [](auto& t, auto&) { t.info.time = "20270101000001Z"; }, Code::mismatch, ""},
    {"a certificate that is none", [](auto& t, auto&) { t.certificates.push_back({0x30, 0}); },
     Code::malformed, "not a timestamp token: "},
    {"too many certificates",
     [](auto& t, auto& w) { t.certificates.assign(limits::certificates + 1, w.leaf.der()); }, Code::too_large,
     "too many certificates in a timestamp token"},
};

TEST(BadToken, IsRefused) {
  World world;
  for (const bool leaf_is_known : {false, true}) {
    for (const auto& bad : bad_tokens) {
      auto token = world.prepare(request());
      bad.damage(token, world);
      const auto time = judge(sign(token), world.trusted(leaf_is_known));
      ASSERT_FALSE(time) << bad.what;
      EXPECT_EQ(time.error().code, bad.code) << bad.what << ": " << time.error().text();
      EXPECT_TRUE(time.error().text().starts_with(bad.text)) << bad.what << ": " << time.error().text();
    }
  }
}

// Odd, and as the standards allow it.
const std::vector<std::pair<const char*, Damage>> good_tokens = {
    {"as it is", [](auto&, auto&) {}},
    {"at the first second of its certificate", [](auto& t, auto&) { t.info.time = "20260101000000Z"; }},
    {"at the last second of its certificate", [](auto& t, auto&) { t.info.time = "20270101000000Z"; }},
    {"a fraction of a second", [](auto& t, auto&) { t.info.time = "20260724010203.123456789012Z"; }},
    {"a negative serial number", [](auto& t, auto&) { t.info.serial = {0x80, 1}; }},
    {"an extension that is not critical", [](auto& t, auto&) { t.info.extensions = {extension(false)}; }},
    {"no accuracy, ordered",
     [](auto& t, auto&) {
       t.info.accuracy.reset();
       t.info.ordering = true;
     }},
    {"a fine accuracy", [](auto& t, auto&) { t.info.accuracy = std::chrono::microseconds(999'999); }},
    {"no name of the authority", [](auto& t, auto&) { t.info.tsa.clear(); }},
    {"its certificate behind others",
     [](auto& t, auto& w) {
       t.certificates = {w.root_certificate.der(), w.certificate(w.root_key, "other", 3).der(), w.leaf.der()};
     }},
    {"an attribute certificate beside it", [](auto& t, auto&) { t.certificates.push_back({0xA2, 2, 5, 0}); }},
    {"another certificate of the same name and number beside it",
     [](auto& t, auto& w) { t.certificates.push_back(w.certificate(w.root_key, "tsa", 2).der()); }},
    {"the time of signing", [](auto& t, auto&) { attributes(t).push_back(signing_time("260724010203Z")); }},
    {"the time of signing, in its other form",
     [](auto& t, auto&) { attributes(t).push_back(signing_time("20260724010203Z", der::generalized_time)); }},
    {"other signed attributes", [](auto& t, auto&) { attributes(t).push_back({"1.2.3.4", {5, 0, 5, 0}}); }},
    {"ESSCertIDv2 by SHA-384",
     [](auto& t, auto& w) {
       attributes(t)[1] = named_by(oid::signing_certificate_v2,
                                   crypto::hash(HashAlgorithm::sha384, w.leaf.der()), sha384_oid);
     }},
    {"ESSCertID of old",
     [](auto& t, auto& w) {
       attributes(t)[1] = named_by(oid::signing_certificate, crypto::sha1(w.leaf.der()));
     }},
    {"ESSCertID, old and new",
     [](auto& t, auto& w) {
       attributes(t).push_back(named_by(oid::signing_certificate, crypto::sha1(w.leaf.der())));
     }},
    {"by its key's identifier",
     [](auto& t, auto& w) { t.signers[0].key_id = ca::key_identifier(w.leaf.spki()); }},
};

TEST(GoodToken, IsAccepted) {
  World world;
  for (const bool leaf_is_known : {false, true}) {
    for (const auto& [what, change] : good_tokens) {
      auto token = world.prepare(request());
      change(token, world);
      const auto time = judge(sign(token), world.trusted(leaf_is_known));
      EXPECT_TRUE(time) << what << ": " << time.error().text();
    }
  }
}

TEST(GoodToken, ByEd25519) {  // RFC 8419: with SHA-512
  World world(KeyType::ecdsa_p256);
  auto key = PrivateKey::generate(KeyType::ed25519).value();
  const auto leaf = world.certificate(key, "ed", 5);
  auto token = world.prepare(request());
  token.certificates = {leaf.der()};
  token.signers = {SignerTemplate::of(leaf, key, Scheme::ed25519)};
  EXPECT_EQ(judge(sign(token), world.trusted()), now);
  token.signers[0].digest = HashAlgorithm::sha256;
  EXPECT_EQ(judge(sign(token), world.trusted()).error().code, Code::mismatch);
}

// --- certificates

TEST(BadToken, OfAnAuthorityThatNobodyTrusts) {
  World world, other;  // the same names, other keys
  auto token = other.prepare(request());
  token.certificates.push_back(other.root_certificate.der());  // it brings its own root
  EXPECT_EQ(judge(sign(token), world.trusted()).error().code, Code::mismatch);
  EXPECT_EQ(judge(sign(token), world.trusted(true)).error().code, Code::mismatch);
}

TEST(BadToken, OfACertificateThatIsNotForTimestamps) {
  const std::pair<const char*, Change> cases[] = {
      {"not critical", [](auto& c) { c.set(ca::extended_key_usage({crypto::x509::time_stamping}, false)); }},
      {"not alone",
       [](auto& c) {
         c.set(ca::extended_key_usage({crypto::x509::time_stamping, crypto::x509::code_signing}, true));
       }},
      {"another", [](auto& c) { c.set(ca::extended_key_usage({crypto::x509::code_signing}, true)); }},
      {"none", [](auto& c) { c.remove(ca::oid::extended_key_usage); }},
      {"a CA", [](auto& c) {
         c.set(ca::basic_constraints(true));
         c.set(ca::key_usage(ca::key_cert_sign | ca::digital_signature));
       }}};
  for (const auto& [what, change] : cases) {
    World world(KeyType::ecdsa_p256, change);
    for (const bool leaf_is_known : {false, true}) {
      const auto time = judge(sign(world.prepare(request())), world.trusted(leaf_is_known));
      ASSERT_FALSE(time) << what;
      EXPECT_EQ(time.error().code, Code::mismatch) << what << ": " << time.error().text();
    }
  }
}

// The one who signs is another of the authority's certificates than the known one: of the same key even.
TEST(BadToken, OfAnotherCertificateOfTheKnownKey) {
  World world;
  const auto other = world.certificate(*world.key, "tsa", 3);
  auto token = world.prepare(request());
  token.certificates = {other.der()};
  token.signers = {SignerTemplate::of(other, *world.key, Scheme::ecdsa_sha256)};
  EXPECT_TRUE(judge(sign(token), world.trusted()));
  EXPECT_EQ(judge(sign(token), world.trusted(true)).error().text(),
            "the timestamp is not by this authority's certificate");
}

// A bit of each octet of a token: what is accepted still says the same.
TEST(BadToken, AnyBit) {
  World world;
  const Bytes whole = sign(world.prepare(request())).value();
  const auto by = world.trusted(true);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes damaged = whole;
    damaged[i] ^= static_cast<std::uint8_t>(1 << (i % 8));
    if (const auto time = judge(damaged, by)) {
      EXPECT_EQ(*time, now);
      ++accepted;
    }
  }
  // What nobody signs and nobody needs: the embedded certificate, the digest algorithms, the version.
  EXPECT_LT(accepted, world.leaf.der().size() + 32);
}

}  // namespace
}  // namespace sigstore::authority::tsa
