#include "sigstore/crypto/key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/pem.h"

namespace sigstore::crypto {
namespace {

namespace der = codec::der;

Bytes unhex(std::string_view text) {
  return *codec::hex::decode(text);
}
const auto message = as_bytes("the message");

const std::vector<std::pair<KeyType, std::vector<Scheme>>> uses = {
    {KeyType::ecdsa_p256, {Scheme::ecdsa_sha256, Scheme::ecdsa_sha384, Scheme::ecdsa_sha512}},
    {KeyType::ecdsa_p384, {Scheme::ecdsa_sha256, Scheme::ecdsa_sha384, Scheme::ecdsa_sha512}},
    {KeyType::ecdsa_p521, {Scheme::ecdsa_sha256, Scheme::ecdsa_sha384, Scheme::ecdsa_sha512}},
    {KeyType::rsa,
     {Scheme::rsa_pkcs1_sha256, Scheme::rsa_pkcs1_sha384, Scheme::rsa_pkcs1_sha512, Scheme::rsa_pss_sha256,
      Scheme::rsa_pss_sha384, Scheme::rsa_pss_sha512}},
    {KeyType::ed25519, {Scheme::ed25519, Scheme::ed25519ph}}};

// One of each type for all tests: making an RSA key takes a while.
PrivateKey& key_of(KeyType type) {
  static std::map<KeyType, PrivateKey> keys;
  const auto found = keys.find(type);
  return found != keys.end() ? found->second : keys.emplace(type, *PrivateKey::generate(type)).first->second;
}

TEST(Key, EveryTypeSignsAndVerifiesWithItsSchemes) {
  for (const auto& [type, schemes] : uses) {
    PrivateKey* const key = &key_of(type);
    EXPECT_EQ(key->public_key().type(), type);
    for (const Scheme scheme : schemes) {
      const auto signature = key->sign(scheme, message);
      ASSERT_TRUE(signature) << name(scheme);
      EXPECT_TRUE(key->public_key().verify(scheme, message, *signature)) << name(scheme);
      EXPECT_EQ(key->public_key().verify(scheme, as_bytes("another"), *signature).error().code,
                Code::bad_signature);
      EXPECT_FALSE(
          key->public_key().verify(scheme, message, BytesView(*signature).first(signature->size() - 1)));
      EXPECT_FALSE(key->public_key().verify(scheme, message, {}));
    }
  }
}

TEST(Key, NoSchemeOfAnotherTypeIsAccepted) {
  for (const auto& [type, schemes] : uses) {
    PrivateKey* const key = &key_of(type);
    const auto signature = key->sign(schemes.front(), message);
    for (const auto& [other, foreign] : uses) {
      const bool same = (other <= KeyType::ecdsa_p521 && type <= KeyType::ecdsa_p521) || other == type;
      if (same) continue;
      EXPECT_EQ(key->sign(foreign.front(), message).error().code, Code::invalid_argument);
      EXPECT_EQ(key->public_key().verify(foreign.front(), message, *signature).error().code,
                Code::invalid_argument);
    }
  }
}

TEST(Key, DigestsVerifyLikeMessages) {
  for (const auto& [type, schemes] : uses) {
    PrivateKey* const key = &key_of(type);
    for (const Scheme scheme : schemes) {
      const auto signature = key->sign(scheme, message);
      const Bytes digest = hash(digest_of(scheme), message);
      if (scheme == Scheme::ed25519) {
        EXPECT_EQ(key->public_key().verify_digest(scheme, digest, *signature).error().code,
                  Code::invalid_argument);
        continue;
      }
      EXPECT_TRUE(key->public_key().verify_digest(scheme, digest, *signature)) << name(scheme);
      for (const std::size_t at : {std::size_t{5}, signature->size() - 1}) {
        Bytes bent = *signature;
        bent[at] ^= 1;
        EXPECT_FALSE(key->public_key().verify_digest(scheme, digest, bent)) << name(scheme) << at;
      }
      EXPECT_EQ(key->public_key().verify_digest(scheme, BytesView(digest).first(20), *signature).error().code,
                Code::invalid_argument);
    }
  }
}

TEST(Key, PssIsNeverTriedUnasked) {
  for (const auto& [type, schemes] : uses) {
    for (const Scheme scheme : key_of(type).public_key().schemes()) {
      EXPECT_EQ(name(scheme).find("pss"), std::string_view::npos);
    }
  }
  const auto signature = key_of(KeyType::rsa).sign(Scheme::rsa_pss_sha256, message);
  for (const Scheme other : uses[3].second) {
    EXPECT_EQ(key_of(KeyType::rsa).public_key().verify(other, message, *signature).has_value(),
              other == Scheme::rsa_pss_sha256)
        << name(other);
  }
}

// RFC 8032, section 7.3.
TEST(Key, Ed25519phVectorOfTheRfc) {
  const Bytes seed = unhex("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42");
  const Bytes expected = unhex(
      "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c"
      "61e636062a"
      "aad11c2a26083406");
  const Bytes pkcs8 = der::encode(
      der::sequence,
      {unhex("020100"), unhex("300506032b6570"),
       der::encode(der::octet_string, BytesView(der::encode(der::octet_string, BytesView(seed))))});
  auto key = PrivateKey::from_pkcs8(Secret{BytesView(pkcs8)});
  ASSERT_TRUE(key);
  EXPECT_EQ(key->sign(Scheme::ed25519ph, as_bytes("abc")), expected);
  EXPECT_TRUE(key->public_key().verify(Scheme::ed25519ph, as_bytes("abc"), expected));
  EXPECT_TRUE(key->public_key().verify_digest(Scheme::ed25519ph, hash(HashAlgorithm::sha512, as_bytes("abc")),
                                              expected));
  EXPECT_FALSE(key->public_key().verify(Scheme::ed25519, as_bytes("abc"), expected));
  EXPECT_EQ(to_text(key->pkcs8().reveal_bytes()), to_text(pkcs8));
}

// S + L is as good for a careless verifier.
TEST(Key, Ed25519phRefusesASecondFormOfASignature) {
  auto key = PrivateKey::generate(KeyType::ed25519);
  Bytes signature = *key->sign(Scheme::ed25519ph, message);
  const Bytes order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += signature[32 + i] + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(key->public_key().verify(Scheme::ed25519ph, message, signature));
  EXPECT_FALSE(
      key->public_key().verify_digest(Scheme::ed25519ph, hash(HashAlgorithm::sha512, message), signature));
}

TEST(Key, EncodingsComeBack) {
  for (const auto& [type, schemes] : uses) {
    PrivateKey* const key = &key_of(type);
    const auto again = PrivateKey::from_pkcs8(key->pkcs8());
    ASSERT_TRUE(again) << name(type);
    EXPECT_EQ(again->public_key(), key->public_key());
    const auto spki = PublicKey::from_spki(key->public_key().spki());
    ASSERT_TRUE(spki);
    EXPECT_EQ(*spki, key->public_key());
    EXPECT_EQ(*PublicKey::from_pem(key->public_key().pem(), "k"), key->public_key());
    EXPECT_EQ(spki->fingerprint(), "sha256:" + codec::hex::encode(sha256(spki->spki())));
    EXPECT_EQ(spki->hint().size(), 44u);
  }
}

TEST(Key, SchemesToTry) {
  const auto schemes = [](KeyType type) { return key_of(type).public_key().schemes(); };
  using enum Scheme;
  EXPECT_EQ(schemes(KeyType::ecdsa_p256), std::vector{ecdsa_sha256});
  EXPECT_EQ(schemes(KeyType::ecdsa_p384), (std::vector{ecdsa_sha384, ecdsa_sha256}));
  EXPECT_EQ(schemes(KeyType::ecdsa_p521), (std::vector{ecdsa_sha512, ecdsa_sha256}));
  EXPECT_EQ(schemes(KeyType::ed25519), (std::vector{ed25519, ed25519ph}));
}

TEST(Key, SignsFromSeveralThreads) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) EXPECT_TRUE(key->sign(Scheme::ecdsa_sha256, message));
    });
  }
  for (auto& thread : threads) thread.join();
}

// --- hostile encodings

const Bytes oid_p256 = der::encode_oid("1.2.840.10045.3.1.7");

Bytes spki(const Bytes& oid, const Bytes& parameters, const Bytes& key) {
  return der::encode(der::sequence,
                     {der::encode(der::sequence, {oid, parameters}), der::encode_bit_string(key)});
}
Bytes ec_spki(const Bytes& curve, const Bytes& point) {
  return spki(der::encode_oid("1.2.840.10045.2.1"), curve, point);
}
Bytes rsa_spki(const Bytes& n, const Bytes& e) {
  return spki(der::encode_oid("1.2.840.113549.1.1.1"), unhex("0500"),
              der::encode(der::sequence, {der::encode_unsigned(n), der::encode_unsigned(e)}));
}

TEST(PublicKey, PointMustBeOnItsCurve) {
  const auto key = PrivateKey::generate(KeyType::ecdsa_p256);
  Bytes der = key->public_key().spki();
  der.back() ^= 1;
  EXPECT_EQ(PublicKey::from_spki(der).error().code, Code::malformed);
  EXPECT_EQ(PublicKey::from_spki(ec_spki(oid_p256, Bytes{0})).error().code, Code::malformed);
  EXPECT_EQ(PublicKey::from_spki(ec_spki(oid_p256, Bytes(65))).error().code, Code::malformed);
  Bytes compressed(33, 1);
  compressed[0] = 2;
  EXPECT_EQ(PublicKey::from_spki(ec_spki(oid_p256, compressed)).error().code, Code::malformed);
  // A point of P-256 is none of P-384.
  const Bytes point(der.end() - 65, der.end());
  EXPECT_FALSE(PublicKey::from_spki(ec_spki(der::encode_oid("1.3.132.0.34"), point)));
}

TEST(PublicKey, Ed25519PointMustBeInItsGroup) {
  const Bytes oid = der::encode_oid("1.3.101.112");
  const auto code = [&](std::string_view point) {
    return PublicKey::from_spki(spki(oid, {}, unhex(point))).error().code;
  };
  EXPECT_EQ(code("0100000000000000000000000000000000000000000000000000000000000000"),
            Code::malformed);  // identity
  EXPECT_EQ(code("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            Code::malformed);  // order 2
  EXPECT_EQ(code("0200000000000000000000000000000000000000000000000000000000000000"),
            Code::malformed);  // no point
  EXPECT_EQ(code("01"), Code::malformed);
}

TEST(PublicKey, BoundsOfRsa) {
  const auto code = [](std::size_t bytes, const Bytes& e) -> std::optional<Code> {
    const auto key = PublicKey::from_spki(rsa_spki(Bytes(bytes, 0xFF), e));
    return key ? std::nullopt : std::optional(key.error().code);
  };
  const Bytes f4 = unhex("010001");
  EXPECT_EQ(code(256, f4), std::nullopt);
  EXPECT_EQ(code(2048, f4), std::nullopt);
  EXPECT_EQ(code(255, f4), Code::unsupported);
  EXPECT_EQ(code(2049, f4), Code::unsupported);
  EXPECT_EQ(code(256, unhex("01")), Code::malformed);
  EXPECT_EQ(code(256, unhex("010000")), Code::malformed);
  EXPECT_EQ(code(256, unhex("80000001")), Code::unsupported);
  Bytes even(256, 0xFF);
  even.back() = 0xFE;
  EXPECT_EQ(PublicKey::from_spki(rsa_spki(even, f4)).error().code, Code::malformed);
}

TEST(PublicKey, OtherAlgorithmsAreNamed) {
  const auto error = [](const Bytes& der) { return PublicKey::from_spki(der).error(); };
  EXPECT_EQ(error(ec_spki(der::encode_oid("1.3.132.0.10"), Bytes(65))).cause, "elliptic curve secp256k1");
  EXPECT_EQ(error(ec_spki(unhex("3000"), Bytes(65))).cause, "the curve is not given by its name");
  EXPECT_EQ(error(spki(der::encode_oid("1.2.840.113549.1.1.10"), {}, {})).cause, "algorithm RSASSA-PSS");
  EXPECT_EQ(error(spki(der::encode_oid("1.3.101.113"), {}, Bytes(57))).code, Code::unsupported);
  EXPECT_EQ(error(Bytes{}).code, Code::malformed);
  EXPECT_EQ(error(spki(der::encode_oid("1.2.840.113549.1.1.1"), {}, {})).code, Code::malformed);
}

TEST(PublicKey, TrailingBytesAreRefused) {
  Bytes der = PrivateKey::generate(KeyType::ecdsa_p256)->public_key().spki();
  der.push_back(0);
  EXPECT_EQ(PublicKey::from_spki(der).error().code, Code::malformed);
}

TEST(PublicKey, WrongPemIsExplained) {
  const auto error = [](std::string_view pem) { return PublicKey::from_pem(pem, "cosign.pub").error(); };
  EXPECT_EQ(error("nonsense").message, "cosign.pub is not a public key");
  EXPECT_EQ(error("nonsense").cause, "it is not PEM");
  EXPECT_NE(error("ssh-ed25519 AAAA").hint.find("ssh-keygen"), std::string::npos);
  EXPECT_NE(error("\x30\x59").hint.find("DER"), std::string::npos);
  EXPECT_EQ(error(codec::pem::encode("ENCRYPTED SIGSTORE PRIVATE KEY", as_bytes("{}"))).message,
            "cosign.pub is a private key, and a public key is needed here");
  EXPECT_NE(error(codec::pem::encode("CERTIFICATE", as_bytes("x"))).hint.find("openssl x509"),
            std::string::npos);
  EXPECT_EQ(error(codec::pem::encode("DH PARAMETERS", as_bytes("x"))).cause,
            "its PEM type is \"DH PARAMETERS\"");
  EXPECT_EQ(error(codec::pem::encode("PUBLIC KEY", as_bytes("x"))).code, Code::malformed);
}

TEST(PublicKey, Pkcs1IsReadToo) {
  const PrivateKey* const key = &key_of(KeyType::rsa);
  const auto& whole = key->public_key().spki();
  const Bytes pkcs1(whole.begin() + 24,
                    whole.end());  // after SEQUENCE, AlgorithmIdentifier and BIT STRING header
  const auto read = PublicKey::from_pem(codec::pem::encode("RSA PUBLIC KEY", pkcs1), "k");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, key->public_key());
}

TEST(PrivateKey, PublicHalfMustBelongToIt) {
  const Secret one = PrivateKey::generate(KeyType::ecdsa_p256)->pkcs8();
  const Secret two = PrivateKey::generate(KeyType::ecdsa_p256)->pkcs8();
  Secret mixed = one.clone();
  std::ranges::copy(two.reveal_bytes().last(64), mixed.writable().last(64).begin());
  EXPECT_EQ(PrivateKey::from_pkcs8(mixed).error().cause, "its public half belongs to another key");
}

TEST(PrivateKey, ScalarMustBeInTheGroup) {
  for (const std::uint8_t byte : {0x00, 0xFF}) {
    Secret key = PrivateKey::generate(KeyType::ecdsa_p256)->pkcs8();
    std::ranges::fill(key.writable().subspan(36, 32), byte);
    EXPECT_EQ(PrivateKey::from_pkcs8(key).error().cause, "the EC private key is outside its group");
  }
}

TEST(PrivateKey, DamagedRsaKeyGivesNoSignature) {
  Secret der = key_of(KeyType::rsa).pkcs8();
  der.writable()[der.size() - 900] ^= 1;  // within d or a prime
  auto key = PrivateKey::from_pkcs8(der);
  if (!key) return;
  const auto signature = key->sign(Scheme::rsa_pkcs1_sha256, message);
  EXPECT_TRUE(!signature || key->public_key().verify(Scheme::rsa_pkcs1_sha256, message, *signature));
}

}  // namespace
}  // namespace sigstore::crypto
