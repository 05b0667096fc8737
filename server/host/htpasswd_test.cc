#include "server/host/htpasswd.h"

#include <gtest/gtest.h>

#include <thread>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"

namespace server::host {
namespace {

using sigstore::Code;

// htpasswd -nbBC 4 dev word, and -nbBC 4 ops pass:word
constexpr std::string_view users =
    "# who may come in\n"
    "dev:$2y$04$ILlFZPuuqy2VPhTxPw8h2u6p/VWmM8/LUpxrlXAMTGxPgt4QwvPMm\n"
    "\r\n"
    "  ops:$2y$04$a/J41rQFQCY1G8xbNqJsWeVFjFhGpeQqmBRb/wQ2Q5sfzMa469SXW  \r\n";

std::string basic(const std::string& pair) {
  return "Basic " + sigstore::codec::base64::encode(sigstore::as_bytes(pair));
}

struct HtpasswdTest : ::testing::Test {
  std::unique_ptr<Htpasswd> parse(std::string_view text) {
    auto parsed = Htpasswd::parse(text, random);
    EXPECT_TRUE(parsed) << parsed.error().text();
    return parsed ? std::move(*parsed) : nullptr;
  }
  sigstore::fakes::SeededRandom random;
};

TEST_F(HtpasswdTest, TheRightPasswordNamesItsUser) {
  const auto file = parse(users);
  EXPECT_EQ(file->user_of(basic("dev:word")), "dev");
  EXPECT_EQ(file->user_of(basic("dev:word")), "dev") << "remembered";
  EXPECT_EQ(file->user_of(basic("ops:pass:word")), "ops") << "a password may hold a colon";
  EXPECT_EQ(file->user_of("bAsIc " + basic("dev:word").substr(6)), "dev");
}

TEST_F(HtpasswdTest, AnythingElseDoesNot) {
  const auto file = parse(users);
  ASSERT_TRUE(file->user_of(basic("dev:word")));  // remembering one lets no other in
  for (const std::string& header :
       {basic("dev:Word"), basic("dev:word "), basic("dev:"), basic("dev"), basic("ops:word"),
        basic("nobody:word"), basic(":word"), basic("dev:word\nops"), std::string("Basic !!!"),
        std::string("Basic"), std::string(), "Bearer " + basic("dev:word").substr(6),
        basic("dev:word").substr(6)})
    EXPECT_FALSE(file->user_of(header)) << header;
}

TEST_F(HtpasswdTest, AnUnknownUserTakesAsLongAsAWrongPassword) {
  const auto file = parse(users);
  const auto shortest = [&](const std::string& pair) {
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 10; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      EXPECT_FALSE(file->user_of(basic(pair)));
      least = std::min(least, std::chrono::steady_clock::now() - begun);
    }
    return least;
  };
  const auto unknown = shortest("nobody:word"), wrong = shortest("dev:wrong");
  EXPECT_GT(unknown * 4, wrong);
  EXPECT_GT(wrong * 4, unknown);
}

TEST_F(HtpasswdTest, ManyAtOnce) {
  const auto file = parse(users);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back(
          [&, i] { right += file->user_of(basic(i % 2 ? "dev:word" : "dev:wrong")) ? 1 : 0; });
  }
  EXPECT_EQ(right, 4);
}

TEST_F(HtpasswdTest, ALineThatIsNotBcryptIsNamed) {
  for (const char* line : {"dev:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "dev:$apr1$x$y", "dev:plain", "dev:"}) {
    const auto file = Htpasswd::parse("\n" + std::string(line), random);
    ASSERT_FALSE(file) << line;
    EXPECT_EQ(file.error().code, Code::malformed);
    EXPECT_NE(file.error().message.find("line 2"), std::string::npos) << file.error().message;
    EXPECT_EQ(file.error().text().find("plain"), std::string::npos) << "a password in the file is not shown";
  }
  for (const char* line : {"dev", ":hash"}) EXPECT_FALSE(Htpasswd::parse(line, random)) << line;
}

TEST_F(HtpasswdTest, AnEmptyFileLetsNobodyIn) {
  EXPECT_FALSE(parse("")->user_of(basic("dev:word")));
}

}  // namespace
}  // namespace server::host
