#include "sigstore/crypto/bcrypt.h"

#include <gtest/gtest.h>

namespace sigstore::crypto {
namespace {

// Written by `htpasswd -nbB` and, with its cost, by the published test vectors of bcrypt.
constexpr const char* secret_2y = "$2y$05$IBV11jQgeBIUuXrCibJziONAh7hTZmvYMYb43QCLt9WD87SxjyfN6";
constexpr const char* u_star_u = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

TEST(Bcrypt, KnowsPasswords) {
  EXPECT_TRUE(bcrypt_matches(Secret("secret"), secret_2y));
  EXPECT_TRUE(bcrypt_matches(Secret("U*U"), u_star_u));
  EXPECT_FALSE(bcrypt_matches(Secret("Secret"), secret_2y));
  EXPECT_FALSE(bcrypt_matches(Secret(""), secret_2y));
}

TEST(Bcrypt, AZeroByteIsNotTheEndOfAPassword) {
  EXPECT_FALSE(bcrypt_matches(Secret(std::string_view("secret\0x", 8)), secret_2y));
}

TEST(Bcrypt, RefusesOtherHashes) {
  EXPECT_FALSE(is_bcrypt("$1$abc$OGyl6dDvZCDiGmIVbeuCq/"));
  EXPECT_FALSE(is_bcrypt("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="));
  EXPECT_FALSE(is_bcrypt(""));
  EXPECT_FALSE(is_bcrypt(std::string(secret_2y).append("x")));
  std::string endless = secret_2y;
  endless.replace(4, 2, "31");
  EXPECT_FALSE(is_bcrypt(endless));
  EXPECT_FALSE(bcrypt_matches(Secret("secret"), endless));
  EXPECT_TRUE(is_bcrypt(secret_2y));
}

TEST(ConstantTime, ComparesSizeAndContent) {
  EXPECT_TRUE(equal_in_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("ab")));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
}

}  // namespace
}  // namespace sigstore::crypto
