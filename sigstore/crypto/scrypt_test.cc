#include <sodium.h>

#include "sigstore/codec/hex.h"
#include "sigstore/crypto/secretbox.h"

namespace sigstore::crypto {
namespace {

std::string derived(std::string_view password, std::string_view salt, const ScryptCost& cost,
                    std::size_t size) {
  const auto key = scrypt(Secret(password), as_bytes(salt), cost, size);
  return key ? codec::hex::encode(key->reveal_bytes()) : key.error().message;
}

// RFC 7914, section 12.
TEST(Scrypt, VectorsOfTheRfc) {
  EXPECT_EQ(derived("", "", {16, 1, 1}, 64),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  EXPECT_EQ(derived("password", "NaCl", {1024, 8, 16}, 64),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
  EXPECT_EQ(derived("pleaseletmein", "SodiumChloride", {16384, 8, 1}, 64),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

TEST(Scrypt, AgreesWithLibsodiumAtTheCostOfKeyFiles) {
  const std::string password = "correct-horse", salt(32, 's');
  for (const std::uint64_t n : {2u, 32768u, 65536u}) {
    Bytes expected(32);
    ASSERT_EQ(crypto_pwhash_scryptsalsa208sha256_ll(as_bytes(password).data(), password.size(),
                                                    as_bytes(salt).data(), salt.size(), n, 8, 1,
                                                    expected.data(), expected.size()),
              0);
    EXPECT_EQ(derived(password, salt, {n, 8, 1}, 32), codec::hex::encode(expected)) << n;
  }
}

TEST(Scrypt, RefusesCostsOutOfBounds) {
  for (const ScryptCost& cost : {ScryptCost{0, 8, 1}, ScryptCost{3, 8, 1}, ScryptCost{1ull << 40, 8, 1},
                                 ScryptCost{16, 0, 1}, ScryptCost{16, 8, 0}, ScryptCost{16, 8, 1u << 31}})
    EXPECT_EQ(scrypt(Secret("p"), {}, cost, 32).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace sigstore::crypto
