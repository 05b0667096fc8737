#include "cosign/args/nearest.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

const std::vector<std::string> words = {"sign", "sign-blob", "verify", "version", "tree", "login", "logout"};

TEST(Nearest, FewEdits) {
  EXPECT_EQ(nearest("sgin", words), "sign");
  EXPECT_EQ(nearest("verfy", words), "verify");
  EXPECT_EQ(nearest("vesion", words), "version");
  EXPECT_EQ(nearest("signn", words), "sign");
  EXPECT_EQ(nearest("treee", words), "tree");
}

TEST(Nearest, TheOnlyOneThatStartsSo) {
  EXPECT_EQ(nearest("sign-b", words), "sign-blob");
  EXPECT_EQ(nearest("veri", words), "verify");
  EXPECT_EQ(nearest("log", words), "");  // login or logout
}

TEST(Nearest, NothingNear) {
  EXPECT_EQ(nearest("frobnicate", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest(std::string(100000, 's'), words), "");
}

}  // namespace
}  // namespace cosign
