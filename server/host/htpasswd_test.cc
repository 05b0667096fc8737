#include "server/host/htpasswd.h"

#include <gtest/gtest.h>

#include <thread>

#include "sigstore/base/testing/fake_env.h"

namespace server::host {
namespace {

using sigstore::Code;

// htpasswd -nbBC 4 dev word, and -nbBC 4 ops pass:word
constexpr std::string_view users =
    "# who may come in\n"
    "dev:$2y$04$ILlFZPuuqy2VPhTxPw8h2u6p/VWmM8/LUpxrlXAMTGxPgt4QwvPMm\n"
    "\r\n"
    "  ops:$2y$04$a/J41rQFQCY1G8xbNqJsWeVFjFhGpeQqmBRb/wQ2Q5sfzMa469SXW  \r\n";

Login login(std::string_view pair) {
  const auto colon = pair.find(':');
  return {std::string(pair.substr(0, colon)), sigstore::Secret(pair.substr(colon + 1))};
}

bool lets_in(Htpasswd& file, std::string_view pair) {
  return file.check(login(pair)) == Htpasswd::Answer::right;
}

struct HtpasswdTest : ::testing::Test {
  std::unique_ptr<Htpasswd> parse(std::string_view text) {
    auto parsed = Htpasswd::parse(text, random);
    EXPECT_TRUE(parsed) << parsed.error().text();
    return parsed ? std::move(*parsed) : nullptr;
  }
  sigstore::fakes::SeededRandom random;
};

TEST_F(HtpasswdTest, TheRightPasswordComesInAndIsRemembered) {
  const auto file = parse(users);
  EXPECT_FALSE(file->remembers(login("dev:word")));
  EXPECT_TRUE(lets_in(*file, "dev:word"));
  EXPECT_TRUE(file->remembers(login("dev:word")));
  EXPECT_TRUE(lets_in(*file, "ops:pass:word")) << "a password may hold a colon";
  EXPECT_FALSE(file->remembers(login("ops:word")));
}

TEST_F(HtpasswdTest, AnythingElseDoesNot) {
  const auto file = parse(users);
  ASSERT_TRUE(lets_in(*file, "dev:word"));  // remembering one lets no other in
  for (const char* pair :
       {"dev:Word", "dev:word ", "dev:", "ops:word", "nobody:word", ":word", "dev:word\nops"}) {
    EXPECT_FALSE(lets_in(*file, pair)) << pair;
    EXPECT_FALSE(file->remembers(login(pair))) << pair;
  }
}

TEST_F(HtpasswdTest, TheHashesAreThoseOfTheFile) {
  const auto file = parse(users);
  EXPECT_TRUE(file->hash_of("dev").value_or("").starts_with("$2y$04$ILl"));
  EXPECT_FALSE(file->hash_of("nobody"));
}

TEST_F(HtpasswdTest, AnUnknownUserTakesAsLongAsAWrongPassword) {
  const auto file = parse(users);
  const auto shortest = [&](const std::string& pair) {
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 10; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      EXPECT_FALSE(lets_in(*file, pair));
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
      threads.emplace_back([&, i] { right += lets_in(*file, i % 2 ? "dev:word" : "dev:wrong") ? 1 : 0; });
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
  EXPECT_FALSE(lets_in(*parse(""), "dev:word"));
}

}  // namespace
}  // namespace server::host
