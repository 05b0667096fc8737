#include "sigstore/crypto/sha1.h"

#include <gtest/gtest.h>

#include "sigstore/codec/hex.h"

namespace sigstore::crypto {
namespace {

// The examples of FIPS 180-4, and the empty message.
TEST(Sha1, AgreesWithTheStandard) {
  EXPECT_EQ(codec::hex::encode(sha1({})), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(codec::hex::encode(sha1(as_bytes("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(codec::hex::encode(sha1(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

}  // namespace
}  // namespace sigstore::crypto
