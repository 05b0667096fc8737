#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::fakes {
namespace {

using namespace std::chrono_literals;

TEST(FakeClock, MovesOnlyWhenSlept) {
  FakeClock clock;
  const auto start = clock.now();
  EXPECT_EQ(std::chrono::duration_cast<std::chrono::seconds>(start.time_since_epoch()).count(), 1767225600);
  EXPECT_TRUE(clock.sleep(3s));
  EXPECT_EQ(clock.now() - start, 3s);
  EXPECT_EQ(clock.sleeps(), std::vector<Duration>{3s});
  clock.cancel();
  EXPECT_EQ(clock.sleep(1s).error().code, Code::cancelled);
}

TEST(MemoryFiles, BehavesLikeFiles) {
  MemoryFiles files;
  EXPECT_EQ(files.create("no/such", 0600).error().code, Code::not_found);
  ASSERT_TRUE(files.make_directories("a/b"));
  ASSERT_TRUE(files.write_atomic("a/b/c", "text", 0640));
  EXPECT_EQ(files.read("./a/b/c", 4), "text");
  EXPECT_EQ(files.read("a/b/c", 3).error().code, Code::too_large);
  EXPECT_EQ(files.get("a/b/c")->mode, 0640u);
  EXPECT_EQ(files.list("a"), std::vector<std::string>{"b"});
  EXPECT_EQ((*files.create("a/b/c", 0600))->commit_new().error().code, Code::conflict);
  files.link("alias", "a/b/new");
  EXPECT_TRUE(files.exists("alias"));
  ASSERT_TRUE(files.write_atomic("alias", "x", 0600));
  EXPECT_EQ(files.read("a/b/new", 9), "x");
  EXPECT_TRUE(files.remove("alias"));
  EXPECT_EQ(files.paths(), (std::vector<std::string>{"a/b/c", "a/b/new"}));
}

TEST(MemoryFiles, FaultsComeWhereTheyWereOrdered) {
  MemoryFiles files;
  files.fail_at(2, Code::disk_full);
  EXPECT_EQ(files.write_atomic("a", "x", 0600).error().code, Code::disk_full);
  EXPECT_FALSE(files.exists("a"));
  EXPECT_TRUE(files.write_atomic("a", "x", 0600));
  files.fail_path("a", Code::io);
  EXPECT_EQ(files.write_atomic("a", "y", 0600).error().code, Code::io);
  EXPECT_EQ(files.read("a", 9), "x");
}

TEST(FakeEnv, AnswersInOrder) {
  FakeEnv fake;
  const Env env = fake.env();
  fake.prompter.type("pw");
  fake.prompter.choose(false);
  EXPECT_EQ(env.prompter->password("Password: ", true, "--f")->reveal(), "pw");
  EXPECT_EQ(env.prompter->password("Password: ", false, "--f").error().code, Code::declined);
  EXPECT_EQ(env.prompter->confirm("Sure?", "--yes").error().code, Code::declined);
  EXPECT_EQ(
      fake.prompter.asked(),
      (std::vector<std::string>{"password twice: Password: ", "password: Password: ", "confirm: Sure?"}));
  fake.processes.answer(ProcessOutput{0, "out", ""});
  EXPECT_EQ(env.processes->run({"helper", "get"}, "in", 1s, 10)->out, "out");
  EXPECT_EQ(env.processes->run({"helper"}, "", 1s, 10).error().code, Code::not_found);
  EXPECT_EQ(fake.processes.calls().front().input, "in");
  fake.variables.values["A"] = "";
  EXPECT_EQ(env.variables->get("A"), "");
  EXPECT_EQ(env.variables->get("B"), std::nullopt);
}

TEST(SeededRandom, IsTheSameInEveryRun) {
  SeededRandom one, two;
  Bytes a(32), b(32);
  one.fill(a);
  two.fill(b);
  EXPECT_EQ(a, b);
  one.fill(a);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace sigstore::fakes
