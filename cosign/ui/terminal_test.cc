// Questions and streams, on real pipes and a real pseudo-terminal.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "cosign/ui/descriptor_output.h"
#include "cosign/ui/held_output.h"
#include "cosign/ui/terminal_prompter.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/base/system/system_error.h"
#include "sigstore/base/testing/fake_env.h"

namespace cosign::ui {
namespace {

using sigstore::Code;
using sigstore::system::Descriptor;

// A pipe with `text` in it, its other end closed.
Descriptor pipe_with(std::string_view text) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  EXPECT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  close(ends[1]);
  return Descriptor(ends[0]);
}

// The program's side of a pseudo-terminal, and the keyboard's.
struct Terminal {
  Terminal() : keyboard(posix_openpt(O_RDWR | O_NOCTTY)) {
    EXPECT_EQ(grantpt(keyboard.get()), 0);
    EXPECT_EQ(unlockpt(keyboard.get()), 0);
    side = Descriptor(open(ptsname(keyboard.get()), O_RDWR | O_NOCTTY));
  }
  [[nodiscard]] bool echoes() const {
    termios state{};
    EXPECT_EQ(tcgetattr(side.get(), &state), 0);
    return (state.c_lflag & ECHO) != 0;
  }
  // Types once the terminal does not show it any more.
  void type_hidden(std::string_view text) const {
    while (echoes()) std::this_thread::yield();
    EXPECT_EQ(write(keyboard.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // What the terminal has shown until now.
  [[nodiscard]] std::string shown() const {
    std::string text;
    pollfd wait{keyboard.get(), POLLIN, 0};
    char part[256];
    while (poll(&wait, 1, 50) > 0)
      text.append(part,
                  static_cast<std::size_t>(std::max<ssize_t>(0, read(keyboard.get(), part, sizeof part))));
    return text;
  }
  Descriptor keyboard, side;
};

// Counts what was written, for a person in another thread.
struct CountingOutput final : StringOutput {
  sigstore::Result<void> write(std::string_view more) override {
    auto written = StringOutput::write(more);
    ++writes;
    return written;
  }
  std::atomic<int> writes = 0;
};

TEST(Prompter, APipedPasswordIsAllOfStdinAsItIs) {
  const Descriptor in = pipe_with("pass word\n");
  Input input(in.get());
  StringOutput err;
  TerminalPrompter prompter(input, err);
  const auto password = prompter.password("Enter password for private key: ", true, "COSIGN_PASSWORD");
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "pass word\n");
  EXPECT_EQ(err.text, "");  // nobody is asked
  EXPECT_EQ(prompter.password("again: ", false, "COSIGN_PASSWORD").error().code, Code::declined);
}

TEST(Prompter, NobodyThereNamesWhatAnswers) {
  const Descriptor nothing(open("/dev/null", O_RDONLY));
  Input input(nothing.get());
  StringOutput err;
  TerminalPrompter prompter(input, err);
  const auto password = prompter.password("Enter password for private key: ", false, "COSIGN_PASSWORD");
  ASSERT_FALSE(password);
  EXPECT_EQ(password.error().code, Code::declined);
  EXPECT_EQ(password.error().message, "nobody answered \"Enter password for private key\"");
  EXPECT_EQ(password.error().hint, "set COSIGN_PASSWORD, or pipe the password to standard input");
  EXPECT_EQ(TerminalPrompter(input, err).password("Enter PIN for key 'k': ", false, "A_PIN").error().hint,
            "set A_PIN, or pipe the PIN to standard input");
  const auto answer = prompter.confirm("Overwrite cosign.key?", "--yes");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::declined);
  EXPECT_EQ(answer.error().hint, "add --yes");
}

TEST(Prompter, APasswordIsBounded) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor in(ends[0]);
  std::thread endless([fd = ends[1]] {
    const std::string block(4096, 'x');
    for (std::size_t sent = 0; sent <= 2 * sigstore::limits::password_bytes; sent += block.size())
      if (write(fd, block.data(), block.size()) < 0) break;
    close(fd);
  });
  StringOutput err;
  Input input(in.get());
  const auto password = TerminalPrompter(input, err).password("p: ", false, "COSIGN_PASSWORD");
  EXPECT_EQ(password.error().code, Code::too_large);
  char rest[4096];
  while (read(in.get(), rest, sizeof rest) > 0) {
  }
  endless.join();
}

TEST(Prompter, AnswersFromAPipeAreLinesAndLeaveTheRest) {
  const Descriptor in = pipe_with("y\nN\n\nmaybe\n yes \nrest");
  Input input(in.get());
  StringOutput err;
  TerminalPrompter prompter(input, err);
  EXPECT_TRUE(prompter.confirm("Go on?", "--yes"));
  EXPECT_EQ(err.text, "Go on? [y/N] \n");
  EXPECT_EQ(prompter.confirm("Go on?", "--yes").error().code, Code::declined);
  EXPECT_EQ(prompter.confirm("Go on?", "--yes").error().code, Code::declined);
  const auto maybe = prompter.confirm("Go on?", "--yes");
  EXPECT_EQ(maybe.error().code, Code::invalid_argument);
  EXPECT_EQ(maybe.error().text().find("maybe"), std::string::npos);
  EXPECT_TRUE(prompter.confirm("Go on?", "--yes"));
  EXPECT_EQ(input.read_all(100)->reveal(), "rest");
}

TEST(Prompter, ALineIsReadFromAPipeAndLeavesTheRestForThePassword) {
  const Descriptor in = pipe_with("  dev \npass word");
  Input input(in.get());
  StringOutput err;
  TerminalPrompter prompter(input, err);
  EXPECT_EQ(prompter.line("Username: ", "--username").value(), "dev");
  EXPECT_EQ(prompter.password("Password: ", false, "--password-stdin")->reveal(), "pass word");
  const auto none = prompter.line("Username: ", "--username");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::declined);
  EXPECT_EQ(none.error().hint, "add --username");
}

TEST(Prompter, QuestionsAreMadePrintable) {
  const Descriptor in = pipe_with("y\n");
  Input input(in.get());
  StringOutput err;
  EXPECT_TRUE(TerminalPrompter(input, err).confirm("Sign \x1b[2J?", "--yes"));
  EXPECT_EQ(err.text, "Sign \\x1b[2J? [y/N] \n");
}

TEST(Prompter, ATerminalDoesNotShowThePassword) {
  Terminal terminal;
  StringOutput err;
  Input input(terminal.side.get());
  ASSERT_TRUE(input.terminal());
  TerminalPrompter prompter(input, err);
  std::thread person([&] { terminal.type_hidden("secret\n"); });
  const auto password = prompter.password("Enter password for private key: ", false, "COSIGN_PASSWORD");
  person.join();
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "secret");
  EXPECT_EQ(err.text, "Enter password for private key: \n");
  EXPECT_TRUE(terminal.echoes());
  EXPECT_EQ(terminal.shown().find("secret"), std::string::npos);
}

// Whoever answers a question the moment it appears must not see the answer.
TEST(Prompter, ThePasswordIsHiddenBeforeItIsAskedFor) {
  struct Watching final : StringOutput {
    explicit Watching(const Terminal& t) : terminal(t) {}
    sigstore::Result<void> write(std::string_view more) override {
      if (text.empty()) hidden = !terminal.echoes();
      return StringOutput::write(more);
    }
    const Terminal& terminal;
    bool hidden = false;
  };
  Terminal terminal;
  Watching err(terminal);
  Input input(terminal.side.get());
  std::thread person([&] { terminal.type_hidden("secret\n"); });
  EXPECT_TRUE(TerminalPrompter(input, err).password("p: ", false, "COSIGN_PASSWORD"));
  person.join();
  EXPECT_TRUE(err.hidden);
}

TEST(Prompter, ANewPasswordIsAskedTwice) {
  for (const std::string second : {"secret", "secre"}) {
    Terminal terminal;
    CountingOutput err;
    Input input(terminal.side.get());
    TerminalPrompter prompter(input, err);
    std::thread person([&] {
      terminal.type_hidden("secret\n");
      while (err.writes < 3) std::this_thread::yield();  // until the second prompt
      terminal.type_hidden(second + "\n");
    });
    const auto password = prompter.password("Enter password for private key: ", true, "COSIGN_PASSWORD");
    person.join();
    EXPECT_EQ(err.text, "Enter password for private key: \nEnter password for private key again: \n");
    if (second == "secret") {
      ASSERT_TRUE(password);
      EXPECT_EQ(password->reveal(), "secret");
    } else {
      ASSERT_FALSE(password);
      EXPECT_EQ(password.error().code, Code::mismatch);
    }
  }
}

TEST(Prompter, WhatIsTypedAheadCounts) {
  Terminal terminal;
  StringOutput err;
  Input input(terminal.side.get());
  std::thread person([&] { terminal.type_hidden("secret\nsecret\n"); });
  const auto password = TerminalPrompter(input, err).password("p: ", true, "COSIGN_PASSWORD");
  person.join();
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "secret");
}

TEST(Prompter, AnEmptyLineIsAnEmptyPasswordButTheEndIsNone) {
  Terminal terminal;
  StringOutput err;
  Input input(terminal.side.get());
  TerminalPrompter prompter(input, err);
  std::thread person([&] { terminal.type_hidden("\n"); });
  const auto empty = prompter.password("p: ", false, "COSIGN_PASSWORD");
  person.join();
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->empty());
  std::thread leaver([&] { terminal.type_hidden("\x04"); });  // control-D
  const auto none = prompter.password("p: ", false, "COSIGN_PASSWORD");
  leaver.join();
  EXPECT_EQ(none.error().code, Code::declined);
}

TEST(HeldOutput, AQuestionIsNotMixedWithWhatOthersSay) {
  StringOutput real(true);
  HeldOutput err(real);
  EXPECT_TRUE(err.terminal());
  EXPECT_TRUE(err.write("before\n"));
  EXPECT_TRUE(err.ask("Password: "));
  EXPECT_TRUE(err.write("a note\n"));
  EXPECT_TRUE(err.write("another\n"));
  EXPECT_EQ(real.text, "before\nPassword: ");
  EXPECT_TRUE(err.ask("\n"));
  err.answered();
  EXPECT_TRUE(err.write("after\n"));
  EXPECT_EQ(real.text, "before\nPassword: \na note\nanother\nafter\n");
}

TEST(Prompter, AnInterruptRestoresTheTerminal) {
  Terminal terminal;
  StringOutput err;
  sigstore::Cancel cancel;
  Input input(terminal.side.get(), &cancel);
  TerminalPrompter prompter(input, err);
  std::thread person([&] {
    while (terminal.echoes()) std::this_thread::yield();
    cancel.set();
  });
  const auto password = prompter.password("p: ", false, "COSIGN_PASSWORD");
  person.join();
  EXPECT_EQ(password.error().code, Code::cancelled);
  EXPECT_TRUE(terminal.echoes());
}

TEST(Input, LinesWithoutTheirBreaks) {
  const Descriptor in = pipe_with("one\n\nlast");
  Input input(in.get());
  EXPECT_EQ((*input.read_line(10))->reveal(), "one");
  EXPECT_EQ((*input.read_line(10))->reveal(), "");
  EXPECT_EQ((*input.read_line(10))->reveal(), "last");
  EXPECT_FALSE(*input.read_line(10));
  const Descriptor long_line = pipe_with("12345678901\n");
  EXPECT_EQ(Input(long_line.get()).read_line(10).error().code, Code::too_large);
}

TEST(Input, AllOfItOrTooLarge) {
  const std::string text(20000, 'x');
  const Descriptor fits = pipe_with(text);
  EXPECT_EQ(Input(fits.get()).read_all(text.size())->reveal(), text);
  const Descriptor more = pipe_with(text);
  EXPECT_EQ(Input(more.get()).read_all(text.size() - 1).error().code, Code::too_large);
}

TEST(Output, AFullDiskAndAClosedPipeAreErrors) {
  const sigstore::fakes::MapVariables variables;
  const Descriptor full(open("/dev/full", O_WRONLY));
  ASSERT_TRUE(full);
  EXPECT_EQ(DescriptorOutput(full.get(), "standard output", variables).write("x").error().code,
            Code::disk_full);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const Descriptor broken(ends[1]);
  signal(SIGPIPE, SIG_IGN);
  const auto written = DescriptorOutput(broken.get(), "standard output", variables).write("x");
  EXPECT_EQ(written.error().message, "cannot write to standard output");
}

TEST(Output, ColourOnATerminalUnlessItIsNotWanted) {
  const Terminal terminal;
  sigstore::fakes::MapVariables variables;
  EXPECT_TRUE(DescriptorOutput(terminal.side.get(), "x", variables).colour());
  variables.values["NO_COLOR"] = "";
  EXPECT_TRUE(DescriptorOutput(terminal.side.get(), "x", variables).colour());
  variables.values["NO_COLOR"] = "1";
  EXPECT_FALSE(DescriptorOutput(terminal.side.get(), "x", variables).colour());
  variables.values.clear();
  const Descriptor file(open("/dev/null", O_WRONLY));
  EXPECT_FALSE(DescriptorOutput(file.get(), "x", variables).colour());
}

struct OutputFile : testing::Test {
  const std::string folder = testing::TempDir() + "output-file-test-" + std::to_string(getpid());
  const std::string path = folder + "/results";
  const sigstore::fakes::MapVariables variables;
  sigstore::system::SystemEnv system;

  OutputFile() { std::filesystem::create_directory(folder); }
  ~OutputFile() override { std::filesystem::remove_all(folder); }

  std::unique_ptr<FileOutput> open_output(const std::string& name) {
    auto file = FileOutput::create(*system.env().files, name, variables);
    EXPECT_TRUE(file) << file.error().text();
    return file ? std::move(*file) : nullptr;
  }
  void write_all(const std::string& text) {
    const auto file = open_output(path);
    ASSERT_TRUE(file && file->write(text) && file->commit());
  }
  std::string content(const std::string& name) {
    return system.env().files->read(name, 1000).value_or("(cannot be read)");
  }
  std::ptrdiff_t files_there() {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
  }
};

TEST_F(OutputFile, IsReplacedOnceAllIsWritten) {
  write_all("a longer text\n");
  EXPECT_EQ(chmod(path.c_str(), 0640), 0);
  {
    const auto file = open_output(path);
    ASSERT_TRUE(file && file->write("short\n"));
    EXPECT_EQ(content(path), "a longer text\n");
    ASSERT_TRUE(file->commit());
    EXPECT_EQ(content(path), "short\n");
    ASSERT_TRUE(file->write("more\n") && file->commit());
  }
  EXPECT_EQ(content(path), "short\nmore\n");
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0640));
  EXPECT_EQ(files_there(), 1);
}

TEST_F(OutputFile, StaysAsItIsWhereTheRunFails) {
  {
    ASSERT_TRUE(open_output(path)->write("lost\n"));
  }
  EXPECT_EQ(files_there(), 0);
  write_all("kept\n");
  {
    ASSERT_TRUE(open_output(path)->write("lost\n"));
  }
  EXPECT_EQ(content(path), "kept\n");
  EXPECT_EQ(files_there(), 1);
}

TEST_F(OutputFile, OfTwoNamesOrBehindALink) {
  write_all("old\n");
  std::filesystem::create_symlink("results", folder + "/link");
  {
    const auto file = open_output(folder + "/link");
    ASSERT_TRUE(file && file->write("new\n"));
    EXPECT_EQ(content(path), "old\n");
    ASSERT_TRUE(file->commit());
  }
  EXPECT_TRUE(std::filesystem::is_symlink(folder + "/link"));
  EXPECT_EQ(content(path), "new\n");
  std::filesystem::create_hard_link(path, folder + "/other");
  write_all("newer\n");
  EXPECT_EQ(content(folder + "/other"), "newer\n") << "still the same file";
}

TEST_F(OutputFile, ADeviceOrPipeIsWrittenAtOnce) {
  EXPECT_EQ(open_output("/dev/full")->write("x").error().code, Code::disk_full);
  ASSERT_EQ(mkfifo((folder + "/pipe").c_str(), 0600), 0);
  const Descriptor reader(open((folder + "/pipe").c_str(), O_RDONLY | O_NONBLOCK));
  const auto file = open_output(folder + "/pipe");
  ASSERT_TRUE(file && file->write("now\n"));
  char bytes[8];
  EXPECT_EQ(read(reader.get(), bytes, sizeof bytes), 4);
  EXPECT_TRUE(file->commit());
  EXPECT_EQ(FileOutput::create(*system.env().files, "/nowhere/file", variables).error().code,
            Code::not_found);
}

}  // namespace
}  // namespace cosign::ui
