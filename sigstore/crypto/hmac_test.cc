#include "sigstore/crypto/hmac.h"

#include <gtest/gtest.h>

#include "sigstore/codec/hex.h"

namespace sigstore::crypto {
namespace {

std::string mac(BytesView key, std::string_view data) {
  return codec::hex::encode(hmac_sha256(key, as_bytes(data)));
}

// RFC 4231, cases 1, 2, 3 and 6.
TEST(Hmac, GivesWhatTheStandardSays) {
  EXPECT_EQ(mac(Bytes(20, 0x0b), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(mac(as_bytes("Jefe"), "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(mac(Bytes(20, 0xaa), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(mac(Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, AnEmptyKeyIsAKey) {
  EXPECT_EQ(mac({}, ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_NE(mac(Bytes(1, 1), ""), mac({}, ""));
}

}  // namespace
}  // namespace sigstore::crypto
