#include "sigstore/crypto/hash.h"

#include <gtest/gtest.h>

#include "sigstore/codec/hex.h"
#include "sigstore/crypto/protobuf_name.h"

namespace sigstore::crypto {
namespace {

std::string hex_of(HashAlgorithm algorithm, std::string_view text) {
  return codec::hex::encode(hash(algorithm, as_bytes(text)));
}

TEST(Hash, Fips180Examples) {
  EXPECT_EQ(hex_of(HashAlgorithm::sha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_of(HashAlgorithm::sha256, ""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(
      hex_of(HashAlgorithm::sha384, "abc"),
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  EXPECT_EQ(hex_of(HashAlgorithm::sha512, "abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
            "454d4423"
            "643ce80e2a9ac94fa54ca49f");
}

TEST(Hash, InPiecesAndMoved) {
  for (const auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    Hasher first(algorithm);
    first.update(as_bytes("a"));
    Hasher second = std::move(first);
    second.update({});
    second.update(as_bytes("bc"));
    const Bytes digest = second.finish();
    EXPECT_EQ(digest, hash(algorithm, as_bytes("abc")));
    EXPECT_EQ(digest.size(), size_of(algorithm));
    EXPECT_EQ(hash_algorithm(name(algorithm)), algorithm);
  }
  EXPECT_EQ(hash_algorithm("md5").error().code, Code::unsupported);
}

TEST(Hash, NamesOfProtobuf) {
  EXPECT_EQ(protobuf_name(HashAlgorithm::sha256), "SHA2_256");
  EXPECT_EQ(protobuf_name(HashAlgorithm::sha384), "SHA2_384");
  EXPECT_EQ(protobuf_name(HashAlgorithm::sha512), "SHA2_512");
  for (const auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512})
    EXPECT_EQ(hash_by_protobuf_name(protobuf_name(algorithm)), algorithm);
  for (const auto* unknown : {"", "sha256", "HASH_ALGORITHM_UNSPECIFIED", "SHA3_256", "SHA3_384"})
    EXPECT_EQ(hash_by_protobuf_name(unknown), std::nullopt) << unknown;
}

}  // namespace
}  // namespace sigstore::crypto
