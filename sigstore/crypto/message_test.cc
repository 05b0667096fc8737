#include "sigstore/crypto/message.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "sigstore/codec/hex.h"
#include "sigstore/crypto/internal/key_encoding.h"

namespace sigstore::crypto {
namespace {

Bytes unhex(std::string_view text) {
  return *codec::hex::decode(text);
}

PrivateKey key_of_seed(std::string_view hex) {
  return *PrivateKey::from_pkcs8(internal::encode_pkcs8(internal::Ed25519Private{unhex(hex)}));
}

// Given out in pieces of these many bytes.
ByteSource in_pieces(const Bytes& message, std::size_t piece) {
  class Reader final : public FileReader {
   public:
    Reader(BytesView left, std::size_t piece) : left_(left), piece_(piece) {}
    Result<std::size_t> read(std::span<std::uint8_t> out) override {
      const auto next = left_.first(std::min({piece_, left_.size(), out.size()}));
      std::ranges::copy(next, out.begin());
      left_ = left_.subspan(next.size());
      return next.size();
    }

   private:
    BytesView left_;
    std::size_t piece_;
  };
  return {message.size(), [&message, piece]() -> Result<std::unique_ptr<FileReader>> {
            return std::make_unique<Reader>(message, piece);
          }};
}

Result<void> verify_in_pieces(const PublicKey& key, Scheme scheme, const Bytes& message, BytesView signature,
                              std::size_t piece) {
  PassingMessage passing;
  passing.expect(key, scheme, signature);
  for (std::size_t at = 0; at < message.size(); at += piece)
    passing.update(BytesView(message).subspan(at, std::min(piece, message.size() - at)));
  passing.finish();
  return passing.verify(key, scheme, signature);
}

Bytes some_bytes(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return bytes;
}

// RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc).
struct Vector {
  const char *seed, *point, *message, *signature;
};
const Vector vectors[] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                           "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                           "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc"
                           "61e39701cf9b46bd25bf5f0595bbe"
                           "24655141438e7a100b"},
                          {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                           "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                           "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e4"
                           "58f3613d0f11d8c387b2eaeb4302a"
                           "eeb00d291612bb0c00"},
                          {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                           "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                           "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290a"
                           "e67f760984dc6594a7c15e9716ed2"
                           "8dc027beceea1ec40a"},
                          {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
                           "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
                           "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a83"
                           "6ba3c23a3feebbd454d4423643ce8"
                           "0e2a9ac94fa54ca49f",
                           "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecf"
                           "dfbc7c66431e0303dca179c138ac1"
                           "7ad9bef1177331a704"}};

TEST(PassingMessage, Ed25519VectorsOfTheRfcInPieces) {
  for (const Vector& vector : vectors) {
    PrivateKey key = key_of_seed(vector.seed);
    const Bytes message = unhex(vector.message), expected = unhex(vector.signature);
    const Bytes& spki = key.public_key().spki();
    EXPECT_EQ(codec::hex::encode(BytesView(spki).last(32)), vector.point);
    for (const std::size_t piece : {1u, 64u}) {
      EXPECT_EQ(key.sign_stream(Scheme::ed25519, in_pieces(message, piece)), expected);
      EXPECT_TRUE(verify_in_pieces(key.public_key(), Scheme::ed25519, message, expected, piece));
    }
  }
}

// libsodium signs the whole, OpenSSL verifies it.
bool openssl_verifies(const PublicKey& key, BytesView message, BytesView signature) {
  EVP_PKEY* pkey =
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, BytesView(key.spki()).last(32).data(), 32);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, pkey) == 1 &&
      EVP_DigestVerify(context, signature.data(), signature.size(), message.data(), message.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(pkey);
  return good;
}

TEST(PassingMessage, SignsWhatTheWholeIsSignedWith) {
  for (const std::size_t size : {0, 1, 63, 64, 127, 128, 129, 1000, 300000}) {
    auto key = PrivateKey::generate(KeyType::ed25519);
    const Bytes message = some_bytes(size);
    const auto whole = key->sign(Scheme::ed25519, message);
    const auto streamed = key->sign_stream(Scheme::ed25519, in_pieces(message, 1000));
    ASSERT_TRUE(streamed) << streamed.error().text();
    EXPECT_EQ(*streamed, *whole) << size;
    EXPECT_TRUE(openssl_verifies(key->public_key(), message, *streamed)) << size;
    EXPECT_EQ(key->sign_digest(Scheme::ed25519ph, hash(HashAlgorithm::sha512, message)),
              key->sign(Scheme::ed25519ph, message));
  }
}

TEST(PassingMessage, EverySchemeSignsAndVerifiesInPieces) {
  const Bytes message = some_bytes(100000);
  for (const KeyType type :
       {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa, KeyType::ed25519}) {
    auto key = PrivateKey::generate(type);
    for (const Scheme scheme : key->public_key().schemes()) {
      const auto signature = key->sign_stream(scheme, in_pieces(message, 4096));
      ASSERT_TRUE(signature) << name(scheme);
      EXPECT_TRUE(key->public_key().verify(scheme, message, *signature)) << name(scheme);
      EXPECT_TRUE(verify_in_pieces(key->public_key(), scheme, message, *signature, 999)) << name(scheme);
      Bytes other = message;
      other[50000] ^= 1;
      EXPECT_EQ(verify_in_pieces(key->public_key(), scheme, other, *signature, 999).error().code,
                Code::bad_signature);
    }
  }
}

// Another message the second time would be signed with the nonce of the first.
TEST(PassingMessage, AMessageThatChangesBetweenThePassesIsNotSigned) {
  auto key = PrivateKey::generate(KeyType::ed25519);
  int opened = 0;
  const ByteSource source{
      3, [&]() -> Result<std::unique_ptr<FileReader>> { return read_text(++opened == 1 ? "one" : "two"); }};
  EXPECT_EQ(key->sign_stream(Scheme::ed25519, source).error().code, Code::mismatch);
  EXPECT_EQ(opened, 2);
}

TEST(PassingMessage, ErrorsOfReadingAreReturned) {
  const ByteSource broken{3,
                          []() -> Result<std::unique_ptr<FileReader>> { return fail(Code::io, "broken"); }};
  for (const KeyType type : {KeyType::ecdsa_p256, KeyType::ed25519}) {
    auto key = PrivateKey::generate(type);
    EXPECT_EQ(key->sign_stream(key->public_key().schemes()[0], broken).error().message, "broken");
  }
}

TEST(PassingMessage, WrongUseIsSaid) {
  auto ecdsa = PrivateKey::generate(KeyType::ecdsa_p256);
  auto ed25519 = PrivateKey::generate(KeyType::ed25519);
  const Bytes digest = sha256({});
  EXPECT_EQ(ecdsa->sign_stream(Scheme::ed25519, text_source("x")).error().code, Code::invalid_argument);
  EXPECT_EQ(ecdsa->sign_digest(Scheme::ecdsa_sha384, digest).error().code, Code::invalid_argument);
  EXPECT_EQ(ed25519->sign_digest(Scheme::ed25519, digest).error().code, Code::invalid_argument);
  const auto known = PassingMessage::known_by(HashAlgorithm::sha256, digest);
  EXPECT_EQ(*known.digest(HashAlgorithm::sha256), digest);
  EXPECT_EQ(known.digest(HashAlgorithm::sha512), nullptr);
  EXPECT_TRUE(
      known.verify(ecdsa->public_key(), Scheme::ecdsa_sha256, *ecdsa->sign(Scheme::ecdsa_sha256, {})));
  const auto code = [&](PrivateKey& key, Scheme scheme) {
    return known.verify(key.public_key(), scheme, *key.sign(scheme, {})).error().code;
  };
  EXPECT_EQ(code(*ecdsa, Scheme::ecdsa_sha384), Code::not_found);
  EXPECT_EQ(code(*ed25519, Scheme::ed25519), Code::not_found);
  EXPECT_EQ(code(*ed25519, Scheme::ed25519ph), Code::not_found);
  EXPECT_EQ(known.verify(ecdsa->public_key(), Scheme::ed25519, {}).error().code, Code::invalid_argument);
}

// --- what libsodium refuses of a whole message is refused of one in pieces

void refused_alike(const PublicKey& key, const Bytes& message, const Bytes& signature) {
  EXPECT_FALSE(key.verify(Scheme::ed25519, message, signature));
  EXPECT_FALSE(verify_in_pieces(key, Scheme::ed25519, message, signature, 7));
}

TEST(PassingMessage, RefusesASecondFormOfASignature) {
  auto key = PrivateKey::generate(KeyType::ed25519);
  const Bytes message = some_bytes(100);
  const Bytes good = *key->sign(Scheme::ed25519, message);
  const Bytes order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Bytes shifted = good;
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += shifted[32 + i] + order[i];
    shifted[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  refused_alike(key->public_key(), message, shifted);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bent = good;
    bent[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    refused_alike(key->public_key(), message, bent);
  }
  for (const std::size_t size : {0, 1, 31, 32, 63}) refused_alike(key->public_key(), message, Bytes(size, 1));
  Bytes longer = good;
  longer.push_back(0);
  refused_alike(key->public_key(), message, longer);
}

// R = the neutral element and S = k * a holds in the equation: who has the key can make it, libsodium refuses
// it.
TEST(PassingMessage, RefusesACommitmentOfSmallOrder) {
  PrivateKey key = key_of_seed(vectors[0].seed);
  const Bytes message = some_bytes(10);
  Bytes expanded = hash(HashAlgorithm::sha512, unhex(vectors[0].seed));
  expanded[0] &= 248;
  expanded[31] = static_cast<std::uint8_t>((expanded[31] & 127) | 64);
  const char* const small[] = {"0100000000000000000000000000000000000000000000000000000000000000",
                               "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                               "0000000000000000000000000000000000000000000000000000000000000080"};
  for (const char* r : small) {
    Bytes hashed = unhex(r);
    const BytesView point = BytesView(key.public_key().spki()).last(32);
    hashed.insert(hashed.end(), point.begin(), point.end());
    hashed.insert(hashed.end(), message.begin(), message.end());
    const Bytes wide = hash(HashAlgorithm::sha512, hashed);
    Bytes k(32), a(32), s(32), wide_a(64);
    crypto_core_ed25519_scalar_reduce(k.data(), wide.data());
    std::copy_n(expanded.begin(), 32, wide_a.begin());
    crypto_core_ed25519_scalar_reduce(a.data(), wide_a.data());
    crypto_core_ed25519_scalar_mul(s.data(), k.data(), a.data());
    Bytes signature = unhex(r);
    signature.insert(signature.end(), s.begin(), s.end());
    refused_alike(key.public_key(), message, signature);
  }
}

}  // namespace
}  // namespace sigstore::crypto
