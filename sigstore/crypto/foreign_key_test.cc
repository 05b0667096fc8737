#include "sigstore/crypto/foreign_key.h"

#include <gtest/gtest.h>

#include <fstream>

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/internal/key_encryption.h"
#include "sigstore/crypto/internal/rsa_check.h"

namespace sigstore::crypto {
namespace {

namespace der = codec::der;

// Keys that openssl 3.0 wrote, encrypted with this password.
constexpr std::string_view old_word = "old word";

std::string fixture(const std::string& name) {
  std::ifstream file(TESTDATA "/foreign/" + name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<PrivateKey> opened(std::string_view pem, std::string_view password = "") {
  TRY(const auto key, ForeignKey::parse(pem, "my.pem"));
  return key.open(Secret(password));
}

std::string pem_of(std::string_view label, BytesView body) {
  return codec::pem::encode(label, body);
}

Bytes body_of(const std::string& name) {
  return codec::pem::parse(fixture(name), name)->back().body;
}

struct Sample {
  std::string file, type;  // both without ".pem" and ".pub"
  std::string_view password = "";
};
const std::vector<Sample> samples = {{"p256.sec1", "p256"},
                                     {"p256.parameters", "p256"},
                                     {"p256.pkcs8", "p256"},
                                     {"p384.sec1", "p384"},
                                     {"p384.pkcs8", "p384"},
                                     {"p521.sec1", "p521"},
                                     {"p521.pkcs8", "p521"},
                                     {"rsa2048.pkcs1", "rsa2048"},
                                     {"rsa2048.pkcs8", "rsa2048"},
                                     {"ed25519.pkcs8", "ed25519"},
                                     {"p256.encrypted", "p256", old_word},
                                     {"p384.encrypted", "p384", old_word},
                                     {"p521.encrypted", "p521", old_word},
                                     {"rsa2048.encrypted", "rsa2048", old_word},
                                     {"ed25519.encrypted", "ed25519", old_word},
                                     {"p256.encrypted-scrypt", "p256", old_word},
                                     {"p256.encrypted-des3-sha1", "p256", old_word},
                                     {"p256.encrypted-aes128-sha512", "p256", old_word},
                                     {"p256.encrypted-aes192-empty", "p256", ""},
                                     {"p256.headers-aes128", "p256", old_word},
                                     {"p256.headers-aes192", "p256", old_word},
                                     {"p256.headers-aes256", "p256", old_word},
                                     {"p256.headers-des3", "p256", old_word},
                                     {"rsa2048.headers-aes128", "rsa2048", old_word}};

TEST(ForeignKey, EveryTypeInEveryContainer) {
  for (const auto& sample : samples) {
    const bool encrypted = sample.file.find(".encrypted") != std::string::npos ||
                           sample.file.find(".headers") != std::string::npos;
    const auto foreign = ForeignKey::parse(fixture(sample.file + ".pem"), "it");
    ASSERT_TRUE(foreign) << sample.file << ": " << foreign.error().text();
    EXPECT_EQ(foreign->encrypted(), encrypted) << sample.file;
    auto key = foreign->open(Secret(sample.password));
    ASSERT_TRUE(key) << sample.file << ": " << key.error().text();
    EXPECT_EQ(key->public_key(), *PublicKey::from_pem(fixture(sample.type + ".pub"), "it")) << sample.file;
    const auto scheme = key->public_key().schemes().front();
    EXPECT_TRUE(key->sign(scheme, as_bytes("message"))) << sample.file;
  }
}

// One key, one encoding, whatever it came in: what openssl itself writes as PKCS#8.
TEST(ForeignKey, IsEncodedAnew) {
  for (const auto& sample : samples) {
    const auto key = opened(fixture(sample.file + ".pem"), sample.password);
    ASSERT_TRUE(key) << sample.file;
    EXPECT_EQ(to_text(key->pkcs8().reveal_bytes()), to_text(body_of(sample.type + ".pkcs8.pem")))
        << sample.file;
  }
}

TEST(ForeignKey, OthersAroundItArePassedOver) {
  const std::string key = fixture("p256.sec1.pem");
  const std::string certificate = fixture("refused/certificate.pem");
  const auto expected = *PublicKey::from_pem(fixture("p256.pub"), "it");
  EXPECT_EQ(opened("Bag Attributes\n    friendlyName: x\n" + key)->public_key(), expected);
  EXPECT_EQ(opened(certificate + key)->public_key(), expected);
  EXPECT_EQ(opened(key + certificate)->public_key(), expected);
  EXPECT_EQ(opened(key + fixture("p384.sec1.pem"))->public_key(), expected);
}

TEST(ForeignKey, AWrongPasswordIsToldFromADamagedFile) {
  for (const auto& sample : samples) {
    if (sample.password.empty()) continue;
    const auto error = opened(fixture(sample.file + ".pem"), "new word").error();
    EXPECT_EQ(error.code, Code::wrong_password) << sample.file;
    EXPECT_EQ(error.message, "the password does not open my.pem");
    EXPECT_EQ(opened(fixture(sample.file + ".pem"), "").error().cause, "the password is empty");
  }
  Bytes cut = body_of("p256.headers-aes128.pem");
  cut.pop_back();
  std::string text = pem_of("EC PRIVATE KEY", cut);
  text.insert(text.find('\n') + 1,
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,5FDA2D396BF672C40E90EDA49163364C\n\n");
  EXPECT_EQ(opened(text, old_word).error().code, Code::malformed);
}

// One wrong password in 256 leaves padding that looks right.
TEST(ForeignKey, NoiseIsAWrongPasswordToo) {
  const std::string pem = fixture("p256.headers-aes128.pem");
  const auto foreign = ForeignKey::parse(pem, "it");
  int by_chance = 0;
  const auto how = internal::parse_dek_info(codec::pem::parse_first(pem, "it")->headers.back().second);
  for (int i = 0; i < 2000; ++i) {
    const std::string word = std::to_string(i);
    const Secret password{std::string_view(word)};
    EXPECT_EQ(foreign->open(password).error().code, Code::wrong_password) << i;
    if (internal::decrypt(*how, body_of("p256.headers-aes128.pem"), password)) ++by_chance;
  }
  EXPECT_GT(by_chance, 0);
}

TEST(ForeignKey, WhatIsNoPrivateKeyIsExplained) {
  const auto error = [](std::string_view pem) { return ForeignKey::parse(pem, "my.pem").error(); };
  EXPECT_EQ(error("").text(), "my.pem is not a private key: it is empty");
  EXPECT_EQ(error("hello").text(), "my.pem is not a private key: it is not PEM");
  EXPECT_NE(error("\x30\x81").hint.find("DER"), std::string::npos);
  EXPECT_NE(error("PuTTY-User-Key-File-3: x").hint.find("puttygen"), std::string::npos);
  EXPECT_EQ(error(fixture("p256.pub")).message, "my.pem is a public key, and a private key is needed here");
  EXPECT_EQ(error(fixture("p256.pub")).code, Code::mismatch);
  EXPECT_EQ(error(fixture("refused/certificate.pem")).message,
            "my.pem is a certificate, and its private key is needed here");
  EXPECT_EQ(error(fixture("refused/openssh.pem")).message, "my.pem is a key of SSH");
  EXPECT_EQ(error(pem_of("ENCRYPTED SIGSTORE PRIVATE KEY", as_bytes("{}"))).message,
            "my.pem is a key of cosign already");
  EXPECT_EQ(error(pem_of("DSA PRIVATE KEY", as_bytes("x"))).cause, "its PEM type is \"DSA PRIVATE KEY\"");
  EXPECT_EQ(error(pem_of("EC PARAMETERS", as_bytes("x"))).message, "my.pem is not a private key");
  EXPECT_EQ(error("-----BEGIN PRIVATE KEY-----\nMAAA\n").code, Code::malformed);
  EXPECT_EQ(error(std::string(limits::pem_bytes + 1, 'x')).code, Code::too_large);
}

TEST(ForeignKey, KeysThatCannotBeUsedAreNamed) {
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"secp256k1", "this kind of key is not supported: elliptic curve secp256k1"},
      {"explicit-curve", "this kind of key is not supported: the curve is not given by its name"},
      {"rsa1024", "this kind of key is not supported: RSA of 1024 bits"},
      {"exponent3", "this key is not safe to sign with: its RSA exponent is not 65537"},
      {"dsa", "this kind of key is not supported: algorithm DSA"},
      {"x25519", "this kind of key is not supported: algorithm X25519"},
      {"ed448", "this kind of key is not supported: algorithm Ed448"},
      {"rsa-pss", "this kind of key is not supported: algorithm RSASSA-PSS"},
      {"three-primes", "this kind of key is not supported: RSA with more than two primes"}};
  for (const auto& [name, cause] : refused) {
    const auto error = opened(fixture("refused/" + name + ".pem")).error();
    EXPECT_EQ(error.message, "my.pem holds a private key that cannot be used") << name;
    EXPECT_EQ(error.cause, cause) << name;
    EXPECT_EQ(error.code, Code::unsupported) << name;
  }
}

TEST(ForeignKey, EncryptionThatIsTooOldOrTooCostlyIsRefusedBeforeAnyWork) {
  const auto cause = [](const std::string& name) {
    const auto error = ForeignKey::parse(fixture("refused/" + name + ".pem"), "my.pem").error();
    EXPECT_EQ(error.code, Code::unsupported) << name;
    EXPECT_EQ(error.message, "my.pem holds a private key that cannot be used") << name;
    return error.cause;
  };
  EXPECT_EQ(cause("pbes1"),
            "it is encrypted in a way that is not supported: scheme 1.2.840.113549.1.12.1.3, "
            "where PBES2 is");
  EXPECT_EQ(cause("costly"), "its password is made too costly to try: 20000000 iterations of PBKDF2");
  EXPECT_EQ(internal::parse_dek_info("DES-CBC,0011223344556677").error().code, Code::unsupported);
  EXPECT_EQ(internal::parse_dek_info("AES-128-CBC,00").error().code, Code::malformed);
  EXPECT_EQ(internal::parse_dek_info("AES-128-CBC").error().code, Code::malformed);
  EXPECT_EQ(internal::parse_dek_info("").error().code, Code::unsupported);
}

TEST(ForeignKey, CostlyScryptIsRefused) {
  const auto with = [](std::vector<std::uint8_t> n) {
    const auto small = [](std::uint8_t value) { return der::encode_unsigned(BytesView(&value, 1)); };
    const Bytes scrypt = der::encode(
        der::sequence, {der::encode_oid("1.3.6.1.4.1.11591.4.11"),
                        der::encode(der::sequence, {der::encode(der::octet_string, BytesView(Bytes(8))),
                                                    der::encode_unsigned(n), small(8), small(1)})});
    const Bytes aes = der::encode(der::sequence, {der::encode_oid("2.16.840.1.101.3.4.1.42"),
                                                  der::encode(der::octet_string, BytesView(Bytes(16)))});
    const Bytes scheme = der::encode(
        der::sequence, {der::encode_oid("1.2.840.113549.1.5.13"), der::encode(der::sequence, {scrypt, aes})});
    const Bytes whole =
        der::encode(der::sequence, {scheme, der::encode(der::octet_string, BytesView(Bytes(16)))});
    const auto parsed = internal::parse_encrypted_pkcs8(whole);
    return parsed ? std::string() : parsed.error().message;
  };
  EXPECT_EQ(with({0x40, 0x00}), "");
  EXPECT_EQ(with({0x10, 0x00, 0x00}), "");
  EXPECT_EQ(with({0x20, 0x00, 0x00}), "its password is made too costly to try");
  EXPECT_EQ(with(std::vector<std::uint8_t>(9, 0xFF)), "its password is made too costly to try");
  EXPECT_EQ(with({0x40, 0x01}), "not a valid encrypted key");
}

TEST(ForeignKey, ScalarsWithoutTheirZerosOrWithOneMore) {
  const auto sec1 = [](const Bytes& scalar) {
    const std::uint8_t one = 1;
    return pem_of(
        "EC PRIVATE KEY",
        der::encode(der::sequence, {der::encode_unsigned(BytesView(&one, 1)),
                                    der::encode(der::octet_string, BytesView(scalar)),
                                    der::encode(0xA0, std::vector{der::encode_oid("1.2.840.10045.3.1.7")})}));
  };
  Bytes padded(32);
  padded.back() = 5;
  Bytes more(33);
  more.back() = 5;
  const auto expected = opened(sec1(padded));
  ASSERT_TRUE(expected) << expected.error().text();
  EXPECT_EQ(opened(sec1(Bytes{5}))->public_key(), expected->public_key());
  EXPECT_EQ(opened(sec1(more))->public_key(), expected->public_key());
  more[0] = 1;
  EXPECT_EQ(opened(sec1(more)).error().code, Code::malformed);
  EXPECT_EQ(opened(sec1(Bytes{})).error().code, Code::malformed);
}

TEST(ForeignKey, TheCurveIsNamedOnceOrAlike) {
  const std::uint8_t one = 1;
  const Bytes bare = der::encode(der::sequence, {der::encode_unsigned(BytesView(&one, 1)),
                                                 der::encode(der::octet_string, BytesView(Bytes(32, 7)))});
  const std::string key = pem_of("EC PRIVATE KEY", bare);
  EXPECT_EQ(opened(key).error().cause, "not a valid key: the curve is missing");
  EXPECT_TRUE(opened(pem_of("EC PARAMETERS", der::encode_oid("1.2.840.10045.3.1.7")) + key));
  EXPECT_EQ(opened(pem_of("EC PARAMETERS", der::encode_oid("1.3.132.0.34")) + fixture("p256.sec1.pem"))
                .error()
                .cause,
            "not a valid key: two different curves are named");
}

TEST(ForeignKey, NumbersOfRsaMustBelongTogether) {
  const Bytes whole = body_of("rsa2048.pkcs1.pem");
  int refused = 0;
  for (std::size_t at = 300; at < whole.size(); at += 90) {  // in d, p, q, dp, dq, qinv
    Bytes bent = whole;
    bent[at] ^= 4;
    const auto key = opened(pem_of("RSA PRIVATE KEY", bent));
    EXPECT_FALSE(key) << at;
    if (!key) refused += key.error().code == Code::malformed;
  }
  EXPECT_GT(refused, 8);
}

TEST(ForeignKey, BitsOfRsa) {
  const auto bits = [](const std::string& name) {
    return rsa_bits(*PublicKey::from_pem(fixture(name + ".pub"), name));
  };
  EXPECT_EQ(bits("rsa2048"), 2048u);
  EXPECT_EQ(bits("p256"), 0u);
  EXPECT_EQ(bits("ed25519"), 0u);
}

TEST(ForeignKey, WeakModuliAreRefused) {
  const Bytes e = {1, 0, 1};
  const auto cause = [&](const Bytes& n) {
    const auto checked = internal::check_rsa_strength({n, e});
    return checked ? std::string() : checked.error().cause;
  };
  Bytes power(256);  // 65537 modulo everything: a power of it
  power[253] = power[255] = 1;
  EXPECT_EQ(cause(power), "its RSA modulus has the form of a weak generator (CVE-2017-15361)");
  Bytes small(256);  // 65537 + 2 * 2^24, which 257 divides
  small[252] = 2, small[253] = small[255] = 1;
  EXPECT_EQ(cause(small), "its RSA modulus has a small factor");
}

}  // namespace
}  // namespace sigstore::crypto
