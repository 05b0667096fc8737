#include "cosign/session/session.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cosign/session/version.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/remote/registry/testing/memory_registry.h"

namespace cosign {
namespace {

using sigstore::Code;

// Output that fails from the second write on.
class FullDisk final : public ui::StringOutput {
 public:
  sigstore::Result<void> write(std::string_view more) override {
    if (!text.empty()) return sigstore::fail(Code::disk_full, "cannot write to standard output", "no space");
    return StringOutput::write(more);
  }
};

struct SessionTest : testing::Test {
  SessionParts parts() {
    SessionParts parts;
    parts.out = &out;
    parts.err = &err;
    parts.registry = registry;
    return parts;
  }
  sigstore::fakes::FakeEnv fake;
  ui::StringOutput out, err;
  sigstore::remote::Registry* registry = nullptr;
};

TEST_F(SessionTest, ResultsAreBytesAndWholeLines) {
  Session session(fake.env(), {}, parts());
  session.out("payload \x1b[0m");
  session.out("line\n");
  EXPECT_EQ(out.text, "payload \x1b[0m\nline\n");
  EXPECT_TRUE(session.finish());
}

TEST_F(SessionTest, ExactResultsGetNoLineBreak) {
  Session session(fake.env(), {}, parts());
  session.out_exactly("{}");
  EXPECT_EQ(out.text, "{}");
}

TEST_F(SessionTest, ATerminalIsProtectedFromResults) {
  ui::StringOutput terminal(true);
  SessionParts with_terminal = parts();
  with_terminal.out = &terminal;
  Session session(fake.env(), {}, with_terminal);
  session.out("a\x1b[2J\nb\t");
  EXPECT_EQ(terminal.text, "a\\x1b[2J\nb\t\n");
}

TEST_F(SessionTest, NotesAndErrorsGoToStderrAndAreOneLine) {
  Session session(fake.env(), {}, parts());
  session.note("from registry: \x1b]0;x\nerror: fake");
  session.print({Code::io, "failed", "because", "this"});
  EXPECT_EQ(out.text, "");
  EXPECT_EQ(err.text, "from registry: \\x1b]0;x\\nerror: fake\nerror: failed\ncause: because\ntry: this\n");
}

TEST_F(SessionTest, TheSameErrorIsSaidOnceAndAnInterruptionNotHere) {
  Session session(fake.env(), {}, parts());
  session.print({Code::unreachable, "no way", "", ""});
  session.print({Code::cancelled, "interrupted", "", ""});
  session.print({Code::unreachable, "no way", "", ""});
  session.print({Code::unreachable, "no way", "another", ""});
  EXPECT_EQ(err.text, "error: no way\nerror: no way\ncause: another\n");
}

TEST_F(SessionTest, OfManyRemarksAFew) {
  Session session(fake.env(), {}, parts());
  session.remarks({});
  EXPECT_EQ(err.text, "");
  session.remarks({"one", "two"});
  EXPECT_EQ(err.text, "note: one\nnote: two\n");
  err.text.clear();
  std::vector<std::string> many(1000, "again");
  many.back() = "the rest was left out";
  session.remarks(many);
  EXPECT_EQ(std::ranges::count(err.text, '\n'), 9);
  EXPECT_TRUE(err.text.ends_with(
      "note: again\nnote: and 992 more like these\nnote: again\nnote: again\nnote: the rest was left out\n"))
      << err.text;
}

TEST_F(SessionTest, AFailedWriteIsKept) {
  FullDisk full;
  SessionParts with_full = parts();
  with_full.out = &full;
  Session session(fake.env(), {}, with_full);
  session.out("one");
  EXPECT_TRUE(session.finish());
  session.out("two");
  session.out("three");
  ASSERT_FALSE(session.finish());
  EXPECT_EQ(session.finish().error().code, Code::disk_full);
  EXPECT_EQ(full.text, "one\n");
}

TEST_F(SessionTest, OptionsThatCannotWorkAreTheErrorOfEveryRequest) {
  sigstore::remote::testing::MemoryRegistry memory;
  registry = &memory;
  Session session(fake.env(), {}, parts());
  RegistryFlags flags;
  flags.cacert = "nowhere.pem";
  auto& broken = session.registry(flags);
  const auto repository = *sigstore::oci::Repository::parse("registry.example.com/app");
  const auto answer = broken.tags(repository);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "--registry-cacert names a file that does not exist");
  EXPECT_FALSE(session.tag_store().list(repository, sigstore::oci::Digest::sha256("x")));
  EXPECT_FALSE(session.referrers_store().list(repository, sigstore::oci::Digest::sha256("x")));
  EXPECT_EQ(memory.log().size(), 0U);
}

TEST_F(SessionTest, TheFirstOptionsWin) {
  sigstore::remote::testing::MemoryRegistry memory;
  registry = &memory;
  Session session(fake.env(), {}, parts());
  EXPECT_EQ(&session.registry({}), &memory);
  RegistryFlags other;
  other.cacert = "nowhere.pem";
  EXPECT_EQ(&session.registry(other), &memory);
  EXPECT_EQ(&session.tag_store(), &session.tag_store());
  EXPECT_EQ(&session.referrers_store(), &session.referrers_store());
}

TEST_F(SessionTest, AnImageWithoutARegistryIsShownWithTheOneThatSomebodyIsLoggedInTo) {
  const auto reference = *sigstore::oci::Reference::parse("nginx:1.27");
  const sigstore::Error error{Code::unauthorized, "not logged in to index.docker.io", "HTTP 401", ""};
  Session session(fake.env(), {}, parts());
  EXPECT_EQ(session.explain(error, reference).hint,
            "if it is in a registry of your own, name it: registry.example.com/nginx:1.27");
  fake.variables.values["DOCKER_CONFIG"] = "/d";
  fake.files.put("/d/config.json", R"({"auths":{"https://index.docker.io/v1/":{"auth":"eDp5"},
                                       "registry.corp.example":{"auth":"eDp5"}}})");
  EXPECT_EQ(session.explain(error, reference).hint,
            "if it is in a registry of your own, name it: registry.corp.example/nginx:1.27");
  EXPECT_EQ(session.explain(error, *sigstore::oci::Reference::parse("registry.example.com/nginx")), error);
}

// A credential helper that hangs does not outlive --timeout.
TEST_F(SessionTest, ProgramsEndWithTheRun) {
  struct Timed final : sigstore::Processes {
    sigstore::Result<sigstore::ProcessOutput> run(const std::vector<std::string>&, std::string_view,
                                                  sigstore::Duration timeout, std::size_t) override {
      last = timeout;
      return sigstore::ProcessOutput{};
    }
    sigstore::Result<sigstore::ProcessOutput> run_speaking(const std::vector<std::string>& argv,
                                                           std::string_view input, sigstore::Duration timeout,
                                                           std::size_t max) override {
      return run(argv, input, timeout, max);
    }
    sigstore::Duration last{};
  } processes;
  sigstore::Env env = fake.env();
  env.processes = &processes;
  GlobalOptions options;
  options.timeout = std::chrono::seconds(5);
  Session session(env, options, parts());
  fake.clock.advance(std::chrono::seconds(2));
  ASSERT_TRUE(session.env().processes->run({"x"}, "", std::chrono::seconds(60), 1));
  EXPECT_EQ(processes.last, std::chrono::seconds(3));
  ASSERT_TRUE(session.env().processes->run({"x"}, "", std::chrono::seconds(1), 1));
  EXPECT_EQ(processes.last, std::chrono::seconds(1));
  ASSERT_TRUE(session.env().processes->run_speaking({"x"}, "", std::chrono::seconds(60), 1));
  EXPECT_EQ(processes.last, std::chrono::seconds(3));
  EXPECT_EQ(session.keys().deadline, std::chrono::steady_clock::time_point(
                                         session.keys().env.clock->steady() + std::chrono::seconds(3)));
  options.timeout = {};
  Session endless(env, options, parts());
  ASSERT_TRUE(endless.env().processes->run({"x"}, "", std::chrono::seconds(60), 1));
  EXPECT_EQ(processes.last, std::chrono::seconds(60));
}

TEST_F(SessionTest, TheRepositoryForSignatures) {
  Session session(fake.env(), {}, parts());
  EXPECT_EQ(*session.signature_repository(), std::nullopt);
  fake.variables.values["COSIGN_REPOSITORY"] = "registry.example.com/signatures";
  EXPECT_EQ((*session.signature_repository())->text(), "registry.example.com/signatures");
  fake.variables.values["COSIGN_REPOSITORY"] = "Not A Repository";
  const auto broken = session.signature_repository();
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "the variable COSIGN_REPOSITORY is not a repository");
}

TEST_F(SessionTest, InputIsEmptyUnlessItIsGiven) {
  Session without(fake.env(), {}, parts());
  EXPECT_EQ(*without.read_input(10), "");
  SessionParts with_input = parts();
  with_input.input = [](std::size_t max) -> sigstore::Result<std::string> { return std::string(max, 'x'); };
  Session with(fake.env(), {}, with_input);
  EXPECT_EQ(*with.read_input(3), "xxx");
}

TEST_F(SessionTest, InputIsReadOnce) {
  Session session(fake.env(), {}, parts());
  EXPECT_TRUE(session.read_file("-", 10));
  const auto again = session.read_file("-", 10);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, sigstore::Code::invalid_argument);
  EXPECT_EQ(again.error().message, "standard input is named twice");
  std::array<std::uint8_t, 4> room{};
  EXPECT_EQ(session.take_input()->read(room).error().message, "standard input is named twice");
}

TEST_F(SessionTest, WhoReadsInputInPiecesIsAskedNothing) {
  fake.prompter.type("typed");
  SessionParts pieces = parts();
  pieces.input_piece = [left = 2](std::span<std::uint8_t> room) mutable -> sigstore::Result<std::size_t> {
    if (left-- == 0) return std::size_t{0};
    room[0] = 'x';
    return std::size_t{1};
  };
  Session session(fake.env(), {}, pieces);
  const auto input = session.take_input();
  std::string text;
  ASSERT_TRUE(sigstore::copy_stream(*input, [&](sigstore::BytesView piece) -> sigstore::Result<void> {
    text += sigstore::as_text(piece);
    return {};
  }));
  EXPECT_EQ(text, "xx");
  const auto asked = session.env().prompter->password("p", false, "COSIGN_PASSWORD");
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, sigstore::Code::declined);
  EXPECT_EQ(asked.error().hint, "set COSIGN_PASSWORD");
  EXPECT_EQ(session.env().prompter->line("p", "--name").error().hint, "add --name");
  EXPECT_EQ(session.env().prompter->confirm("p", "--yes").error().code, sigstore::Code::declined);
}

TEST_F(SessionTest, ALoopEndsWithTheRun) {
  sigstore::Cancel cancel;
  SessionParts with_cancel = parts();
  with_cancel.cancel = &cancel;
  GlobalOptions options;
  options.timeout = std::chrono::seconds(5);
  Session session(fake.env(), options, with_cancel);
  EXPECT_TRUE(session.may_go_on());
  fake.clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(session.may_go_on().error().code, sigstore::Code::timeout);
  cancel.set();
  EXPECT_EQ(session.may_go_on().error().code, sigstore::Code::cancelled);
}

TEST(Version, OneFormEverywhere) {
  const Version own = version();
  EXPECT_EQ(own.full(), "v" + own.compatible + "+cpp." + own.number);
  EXPECT_EQ(user_agent(),
            "cosign/" + own.full() + " (linux; " + own.platform.substr(6) + ") cosign-cpp/" + own.number);
}

}  // namespace
}  // namespace cosign
