#include "sigstore/crypto/sealed_box.h"

#include <gtest/gtest.h>
#include <sodium.h>

namespace sigstore::crypto {
namespace {

TEST(SealedBox, LibsodiumOpensIt) {
  Bytes recipient(crypto_box_PUBLICKEYBYTES);
  Bytes secret(crypto_box_SECRETKEYBYTES);
  ASSERT_EQ(crypto_box_keypair(recipient.data(), secret.data()), 0);
  for (const std::string& message : {std::string(), std::string("hello"), std::string(5000, 'x')}) {
    const auto box = seal_box(Secret(std::string_view(message)), recipient);
    ASSERT_TRUE(box) << box.error().text();
    ASSERT_EQ(box->size(), message.size() + crypto_box_SEALBYTES);
    Bytes opened(message.size() + 1);
    ASSERT_EQ(crypto_box_seal_open(opened.data(), box->data(), box->size(), recipient.data(), secret.data()),
              0);
    EXPECT_EQ(as_text(BytesView(opened).first(message.size())), message);
  }
}

TEST(SealedBox, NoTwoAreTheSame) {
  Bytes recipient(crypto_box_PUBLICKEYBYTES);
  Bytes secret(crypto_box_SECRETKEYBYTES);
  ASSERT_EQ(crypto_box_keypair(recipient.data(), secret.data()), 0);
  const Secret message(std::string_view("hello"));
  EXPECT_NE(*seal_box(message, recipient), *seal_box(message, recipient));
}

TEST(SealedBox, KeysThatAreNone) {
  const Secret message(std::string_view("hello"));
  EXPECT_EQ(seal_box(message, Bytes(31, 9)).error().code, Code::invalid_argument);
  EXPECT_EQ(seal_box(message, Bytes(33, 9)).error().code, Code::invalid_argument);
  // A point of small order: the shared secret would be known to everybody.
  EXPECT_EQ(seal_box(message, Bytes(32, 0)).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace sigstore::crypto
