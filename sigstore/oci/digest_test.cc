#include "sigstore/oci/digest.h"

#include <gtest/gtest.h>

namespace sigstore::oci {
namespace {

// FIPS 180-2, appendix B.1 and C.1: the digests of "abc".
const std::string abc256 = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string abc512 =
    "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

TEST(Digest, KnowsBothAlgorithms) {
  EXPECT_EQ(Digest::sha256("abc").text(), abc256);
  for (const std::string& text : {abc256, abc512}) {
    const auto digest = Digest::parse(text);
    ASSERT_TRUE(digest) << digest.error().text();
    EXPECT_EQ(digest->text(), text);
    EXPECT_EQ(std::string(digest->algorithm()) + ":" + std::string(digest->hex()), text);
    EXPECT_TRUE(digest->matches("abc"));
    EXPECT_FALSE(digest->matches("abd"));
    EXPECT_FALSE(digest->matches(""));
  }
}

TEST(Digest, RefusesEveryOtherForm) {
  const std::string hex(64, 'a');
  const std::vector<std::string> malformed = {"",
                                              "sha256",
                                              hex,
                                              "sha256:",
                                              "sha256:" + hex.substr(1),
                                              "sha256:" + hex + "a",
                                              "sha256:" + std::string(64, 'A'),
                                              "sha256:" + std::string(63, 'a') + "g",
                                              "SHA256:" + hex,
                                              " sha256:" + hex,
                                              "sha256:" + hex + " ",
                                              "sha256: " + hex.substr(1),
                                              "sha512:" + hex,
                                              "sha1:" + hex.substr(24),
                                              ":" + hex,
                                              "sha256:" + hex.substr(1) + "/",
                                              "sha256:../" + hex.substr(3),
                                              "sha256:" + hex.substr(1) + std::string(1, '\0')};
  for (const std::string& text : malformed) {
    const auto digest = Digest::parse(text);
    ASSERT_FALSE(digest) << text;
    EXPECT_EQ(digest.error().code, Code::malformed) << text;
  }
  EXPECT_EQ(Digest::parse("blake3:" + hex).error().code, Code::unsupported);
}

TEST(Digest, NoDigestMatchesNothing) {
  const Digest none;
  EXPECT_FALSE(none.matches(""));
  EXPECT_EQ(none.algorithm(), "");
  EXPECT_EQ(none.hex(), "");
  EXPECT_NE(none, Digest::sha256(""));
}

}  // namespace
}  // namespace sigstore::oci
