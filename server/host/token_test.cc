#include "server/host/token.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;

struct TokenTest : ::testing::Test {
  sigstore::fakes::FakeEnv fake;
  Tokens tokens{fake.clock, fake.random, "service"};
  const Claims claims{"dev", "stamp", parse_scopes("repository:team/app:pull,push repository:b:pull")};

  Tokens::Flaw flaw(std::string_view token) {
    const auto read = tokens.read(token);
    EXPECT_FALSE(read) << token;
    return read ? Tokens::Flaw{} : read.error();
  }
};

TEST_F(TokenTest, SaysWhatItWasIssuedFor) {
  const auto read = tokens.read(tokens.issue(claims));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->user, "dev");
  EXPECT_EQ(read->stamp, "stamp");
  EXPECT_EQ(read->access, claims.access);
  EXPECT_TRUE(tokens.read(tokens.issue({}))->access.empty());
}

TEST_F(TokenTest, EndsAfterFiveMinutes) {
  const std::string token = tokens.issue(claims);
  fake.clock.advance(299s);
  EXPECT_TRUE(tokens.read(token));
  fake.clock.advance(1s);
  EXPECT_EQ(flaw(token), Tokens::Flaw::expired);
}

TEST_F(TokenTest, EveryChangedCharacterIsNoticed) {
  const std::string token = tokens.issue(claims);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    if (changed == token) continue;
    EXPECT_FALSE(tokens.read(changed)) << i;
  }
  for (std::size_t i = 0; i < token.size(); ++i) EXPECT_EQ(flaw(token.substr(0, i)), Tokens::Flaw::forged);
  EXPECT_EQ(flaw(token + "A"), Tokens::Flaw::forged);
  EXPECT_EQ(flaw(token + "." + token), Tokens::Flaw::forged);
  std::string huge(1 << 20, 'A');
  EXPECT_EQ(flaw(huge.append(token)), Tokens::Flaw::forged);
}

TEST_F(TokenTest, IsGoodForOneServiceOfOneProcess) {
  const std::string token = tokens.issue(claims);
  EXPECT_FALSE(Tokens(fake.clock, fake.random, "service").read(token)) << "another key";
  sigstore::fakes::SeededRandom again, same;
  EXPECT_FALSE(Tokens(fake.clock, again, "other").read(Tokens(fake.clock, same, "service").issue(claims)));
}

TEST_F(TokenTest, AStampNamesAPasswordWithoutSayingIt) {
  EXPECT_EQ(tokens.stamp("$2y$04$a"), tokens.stamp("$2y$04$a"));
  EXPECT_NE(tokens.stamp("$2y$04$a"), tokens.stamp("$2y$04$b"));
  EXPECT_EQ(tokens.stamp("$2y$04$a").find('$'), std::string::npos);
}

}  // namespace
}  // namespace server::host
