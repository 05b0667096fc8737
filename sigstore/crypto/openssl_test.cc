// The random numbers of all that stands on OpenSSL in this process.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sigstore/crypto/internal/openssl.h"

#include <gtest/gtest.h>
#include <openssl/rand.h>

#include <set>

namespace sigstore::crypto::internal {
namespace {

TEST(OpenSsl, TakesItsRandomNumbersFromTheKernel) {
  start_openssl();
  EXPECT_NE(RAND_get_rand_method(), RAND_OpenSSL());
  EXPECT_EQ(RAND_status(), 1);
  std::set<Bytes> seen;
  for (int i = 0; i < 200; ++i) {
    Bytes some(16), secret(16);
    ASSERT_EQ(RAND_bytes(some.data(), 16), 1);
    ASSERT_EQ(RAND_priv_bytes(secret.data(), 16), 1);
    seen.insert(some);
    seen.insert(secret);
  }
  EXPECT_EQ(seen.size(), 400U);
}

// More than the kernel gives at once; every part of it is written.
TEST(OpenSsl, FillsLargeBuffers) {
  start_openssl();
  constexpr std::size_t part = 64;
  Bytes many(part * 4096);
  ASSERT_EQ(RAND_bytes(many.data(), static_cast<int>(many.size())), 1);
  const Bytes nothing(part);
  for (std::size_t i = 0; i < many.size(); i += part)
    EXPECT_FALSE(std::equal(nothing.begin(), nothing.end(), many.begin() + static_cast<std::ptrdiff_t>(i)));
  EXPECT_EQ(RAND_bytes(many.data(), 0), 1);
}

}  // namespace
}  // namespace sigstore::crypto::internal
