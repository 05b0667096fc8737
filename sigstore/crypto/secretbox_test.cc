#include "sigstore/crypto/secretbox.h"

#include <gtest/gtest.h>

#include "sigstore/codec/hex.h"

namespace sigstore::crypto {
namespace {

Bytes unhex(std::string_view text) {
  return *codec::hex::decode(text);
}

const Bytes key_bytes = unhex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
const Bytes nonce = unhex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");

TEST(Secretbox, SealsAndOpens) {
  const Secret key{BytesView(key_bytes)};
  const Bytes box = secretbox_seal(Secret(std::string_view("plain")), nonce, key);
  EXPECT_EQ(box.size(), 16u + 5u);
  EXPECT_EQ(secretbox_open(box, nonce, key)->reveal(), "plain");
  EXPECT_EQ(secretbox_open(secretbox_seal(Secret(), nonce, key), nonce, key)->size(), 0u);
}

TEST(Secretbox, RefusesEveryChange) {
  const Secret key{BytesView(key_bytes)};
  const Bytes box = secretbox_seal(Secret(std::string_view("plain")), nonce, key);
  for (std::size_t i = 0; i < box.size(); ++i) {
    Bytes bent = box;
    bent[i] ^= 1;
    EXPECT_EQ(secretbox_open(bent, nonce, key).error().code, Code::wrong_password);
    EXPECT_FALSE(secretbox_open(BytesView(box).first(i), nonce, key));
  }
}

// The test of the NaCl distribution (tests/secretbox.c): its first bytes.
TEST(Secretbox, VectorOfNacl) {
  const Secret key{BytesView(key_bytes)};
  const Bytes message = unhex("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc");
  const Bytes box = secretbox_seal(Secret(BytesView(message)), nonce, key);
  EXPECT_EQ(codec::hex::encode(BytesView(box).subspan(16)),
            "8e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a");
}

}  // namespace
}  // namespace sigstore::crypto
