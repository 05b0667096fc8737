#include "sigstore/keys/shown.h"

#include <gtest/gtest.h>

namespace sigstore::keys {
namespace {

TEST(Shown, APinIsNot) {
  EXPECT_EQ(shown("cosign.key"), "cosign.key");
  EXPECT_EQ(shown("pkcs11:token=T;object=k?pin-value=1234&module-path=/m.so"),
            "pkcs11:token=T;object=k?pin-value=******&module-path=/m.so");
  EXPECT_EQ(shown("pkcs11:token=T;object=k?module-path=/m.so;pin-value=1234"),
            "pkcs11:token=T;object=k?module-path=/m.so;pin-value=******");
  EXPECT_EQ(shown("pkcs11:token=T?pin-value=1;pin-value=23"),
            "pkcs11:token=T?pin-value=******;pin-value=******");
  EXPECT_EQ(shown("PKCS11:token=T?pin-value=1234"), "PKCS11:token=T?pin-value=******");
}

TEST(Shown, WhereAKeyIsKept) {
  for (const char* elsewhere : {"pkcs11:token=T;object=k", "awskms:///alias/k", "env://NAME"})
    EXPECT_TRUE(is_kept_elsewhere(elsewhere)) << elsewhere;
  for (const char* file : {"", "cosign.pub", "/keys/a:b.pub", "pkcs11", "./pkcs11:x"})
    EXPECT_FALSE(is_kept_elsewhere(file)) << file;
}

}  // namespace
}  // namespace sigstore::keys
