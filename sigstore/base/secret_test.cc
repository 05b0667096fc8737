#include "sigstore/base/secret.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace sigstore {
namespace {

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

TEST(Secret, MovesAndClones) {
  Secret one{std::string_view("correct-horse")};
  const Secret copy = one.clone();
  Secret two = std::move(one);
  EXPECT_TRUE(one.empty());  // NOLINT: a moved-from secret is empty by contract
  EXPECT_EQ(two.reveal(), "correct-horse");
  EXPECT_EQ(copy.reveal(), "correct-horse");
  two = Secret{std::string_view("x")};
  EXPECT_EQ(two.size(), 1u);
}

TEST(Secret, OfSizeIsZeroAndWritable) {
  Secret secret = Secret::of_size(3);
  EXPECT_EQ(secret.reveal(), std::string_view("\0\0\0", 3));
  secret.writable()[1] = 'b';
  EXPECT_EQ(secret.reveal(), std::string_view("\0b\0", 3));
}

TEST(Secret, WipeOverwritesTheBuffer) {
  std::string text = "a password that is longer than a short string";
  const char* const buffer = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(buffer, text.data());  // not given back: the bytes below are still ours to look at
  EXPECT_EQ(std::string_view(buffer, 8), std::string_view("\0\0\0\0\0\0\0\0", 8));
}

}  // namespace
}  // namespace sigstore
