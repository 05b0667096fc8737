#include "cosign/args/from_variable.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;

const std::vector<FromVariable> given = {{"identity", "COSIGN_IDENTITY"}, {"root", "COSIGN_ROOT"}};

std::string cause_of(const std::string& message, const std::string& cause,
                     Code code = Code::invalid_argument) {
  return with_variables(Error{code, message, cause, ""}, given).cause;
}

TEST(FromVariable, AFlagThatNobodyTypedIsExplained) {
  EXPECT_EQ(cause_of("--root and --chain exclude each other", ""),
            "--root is set by the variable COSIGN_ROOT");
  EXPECT_EQ(cause_of("it is named twice", "--identity and --other exclude each other"),
            "--identity and --other exclude each other; --identity is set by the variable COSIGN_IDENTITY");
  EXPECT_EQ(cause_of("--identity, --root", ""),
            "--identity is set by the variable COSIGN_IDENTITY; --root is set by the variable COSIGN_ROOT");
}

TEST(FromVariable, OthersStayAsTheyAre) {
  EXPECT_EQ(cause_of("--identity-regexp and --roots and identity", "none"), "none");
  EXPECT_EQ(cause_of("--identity-regexp, and --identity", ""),
            "--identity is set by the variable COSIGN_IDENTITY");
  EXPECT_EQ(cause_of("--root", "gone", Code::not_found), "gone");
}

}  // namespace
}  // namespace cosign
