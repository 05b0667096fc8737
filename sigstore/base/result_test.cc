#include "sigstore/base/result.h"

#include <gtest/gtest.h>

#include <set>

namespace sigstore {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(Code::invalid_argument, "not even", std::to_string(n), "add one");
  return n / 2;
}

Result<int> quarter(int n) {
  TRY(const int once, half(n));
  TRY(const int twice, half(once));
  return twice;
}

Result<void> check(int n) {
  TRY_OK(quarter(n));
  return {};
}

TEST(Result, TryPassesValuesAndErrorsOn) {
  EXPECT_EQ(quarter(8), 2);
  ASSERT_FALSE(quarter(6));
  EXPECT_EQ(quarter(6).error(), (Error{Code::invalid_argument, "not even", "3", "add one"}));
  EXPECT_TRUE(check(4));
  EXPECT_EQ(check(2).error().cause, "1");
}

TEST(Error, WrapKeepsCodeHintAndWholeCause) {
  const Error inner{Code::tls, "no handshake", "certificate expired", "renew it"};
  EXPECT_EQ(inner.text(), "no handshake: certificate expired");
  EXPECT_EQ(inner.wrap("cannot reach the registry"),
            (Error{Code::tls, "cannot reach the registry", "no handshake: certificate expired", "renew it"}));
  EXPECT_EQ((Error{Code::io, "short", "", ""}).text(), "short");
  EXPECT_EQ(inner.with_hint("other").hint, "other");
}

TEST(Code, EveryNameIsItsOwn) {
  std::set<std::string> names;
  for (int code = 0; code <= static_cast<int>(Code::internal); ++code)
    names.insert(name(static_cast<Code>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Code::internal) + 1);
}

}  // namespace
}  // namespace sigstore
