#include "cosign/commands/initialize/checksum.h"

#include <gtest/gtest.h>

namespace cosign::initialize {
namespace {

using sigstore::Code;

// FIPS 180-4: of "abc".
const std::string sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string sha512 =
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423"
    "643ce80e"
    "2a9ac94fa54ca49f";

Code refusal(const std::string& wanted) {
  const auto done = compare_checksum(wanted, "abc", "root.json");
  return done ? Code::internal : done.error().code;
}

TEST(RootChecksum, IsSha256UnlessItSaysOtherwise) {
  for (const std::string& good : {sha256, "sha256:" + sha256, "sha512:" + sha512}) {
    EXPECT_TRUE(compare_checksum(good, "abc", "root.json")) << good;
    const auto other = compare_checksum(good, "abd", "root.json");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Code::mismatch);
    EXPECT_EQ(other.error().message, "root.json does not have the checksum that was given");
  }
}

TEST(RootChecksum, WhatIsNoneIsRefused) {
  for (const std::string& bad : std::vector<std::string>{
           std::string(), std::string("abc"), sha256.substr(2), sha256 + "00", "md5:" + sha256,
           "sha512:" + sha256, sha512, "sha256:", ":" + sha256, "sha256:" + sha256.substr(1) + "g"})
    EXPECT_EQ(refusal(bad), Code::invalid_argument) << bad;
}

}  // namespace
}  // namespace cosign::initialize
