#include "server/host/users.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "sigstore/base/testing/fake_env.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;
using Kind = Users::Outcome::Kind;

// htpasswd -nbBC 4 dev word, and -nbBC 4 ops pass:word
constexpr const char* dev = "dev:$2y$04$ILlFZPuuqy2VPhTxPw8h2u6p/VWmM8/LUpxrlXAMTGxPgt4QwvPMm\n";
constexpr const char* ops = "ops:$2y$04$a/J41rQFQCY1G8xbNqJsWeVFjFhGpeQqmBRb/wQ2Q5sfzMa469SXW\n";

struct UsersTest : ::testing::Test {
  UsersTest() {
    fake.files.put("users", dev);
    users = std::move(
        *Users::open(fake.env(), "users", [this](const std::string& line) { told.push_back(line); }));
  }
  Kind check(const char* user, const char* password, const char* peer = "10.0.0.1:1") {
    return users->check({user, sigstore::Secret(std::string_view(password))}, peer).kind;
  }
  void write(const char* text) {
    fake.files.put("users", text);
    fake.clock.advance(1s);
  }

  sigstore::fakes::FakeEnv fake;
  std::vector<std::string> told;
  std::unique_ptr<Users> users;
};

TEST_F(UsersTest, AChangedFileCountsWithinASecond) {
  EXPECT_EQ(check("dev", "word"), Kind::right);
  EXPECT_EQ(check("ops", "pass:word"), Kind::wrong);
  write(ops);
  EXPECT_EQ(check("ops", "pass:word"), Kind::right);
  EXPECT_EQ(check("dev", "word"), Kind::wrong) << "what was remembered is forgotten";
  EXPECT_FALSE(users->hash_of("dev"));
  EXPECT_TRUE(told.empty());
}

TEST_F(UsersTest, AFileThatCannotBeUsedChangesNothingAndIsToldOnce) {
  write("dev:plain");
  EXPECT_EQ(check("dev", "word"), Kind::right);
  fake.clock.advance(5s);
  EXPECT_EQ(check("dev", "word"), Kind::right);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].find("no bcrypt hash"), std::string::npos) << told[0];
  ASSERT_TRUE(fake.files.remove("users"));
  fake.clock.advance(1s);
  EXPECT_EQ(check("dev", "word"), Kind::right);
  EXPECT_EQ(told.size(), 2U);
  write(ops);
  EXPECT_EQ(check("ops", "pass:word"), Kind::right);
}

TEST_F(UsersTest, GuessingIsSlowedForANetworkAndNotForThoseWhoAreIn) {
  EXPECT_EQ(check("dev", "word"), Kind::right);
  int wrong = 0;
  while (wrong < 100 && check("dev", "guess") == Kind::wrong) ++wrong;
  EXPECT_EQ(wrong, 20);
  EXPECT_EQ(check("ops", "guess"), Kind::later);
  EXPECT_EQ(check("dev", "word"), Kind::right) << "a password that was right before still is";
  EXPECT_EQ(check("dev", "guess", "10.0.0.2:1"), Kind::wrong) << "from elsewhere";
  fake.clock.advance(2s);
  EXPECT_EQ(check("dev", "guess"), Kind::wrong);
  EXPECT_EQ(check("dev", "guess"), Kind::later);
}

TEST_F(UsersTest, GuessesThatComeAtOnceAreNoMore) {
  std::atomic<int> judged = 0;
  std::vector<std::thread> guessers;
  for (int i = 0; i < 60; ++i)
    guessers.emplace_back([&] { judged += check("dev", "guess") == Kind::wrong ? 1 : 0; });
  for (std::thread& guesser : guessers) guesser.join();
  EXPECT_LE(judged, 20);
  while (judged < 100 && check("dev", "guess") == Kind::wrong) ++judged;  // those that found bcrypt busy
  EXPECT_EQ(judged, 20);
  EXPECT_EQ(check("dev", "word", "10.0.0.9:1"), Kind::right);
}

TEST_F(UsersTest, PasswordsThatAreRightTakeNothing) {
  for (int i = 0; i < 30; ++i) {
    write(i % 2 == 0 ? ops : dev);  // what was remembered is forgotten
    EXPECT_EQ(i % 2 == 0 ? check("ops", "pass:word") : check("dev", "word"), Kind::right) << i;
  }
}

TEST_F(UsersTest, AMissingFileIsAnErrorAtTheStart) {
  EXPECT_EQ(Users::open(fake.env(), "nowhere", {}).error().code, sigstore::Code::not_found);
}

}  // namespace
}  // namespace server::host
