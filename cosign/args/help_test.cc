#include "cosign/args/help.h"

#include <gtest/gtest.h>

#include "cosign/args/manual.h"

namespace cosign {
namespace {

class Fake final : public Command {
 public:
  explicit Fake(std::vector<std::string> path) : path_(std::move(path)) {}
  [[nodiscard]] std::vector<std::string> path() const override { return path_; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override { return "do it to " + path_.back(); }
  [[nodiscard]] std::string manual() const override {
    return "# cosign fake\n\nA `--key` and\n**nothing** else.\n\n## Examples\n\n```\ncosign fake --key "
           "k\n```\n";
  }
  void declare(FlagSet& flags) override {
    flags.text("certificate", &text_, "FILE", "the certificate");
    flags.choice("output", &output_, {"json", "text"}, "form of the output", 'o');
    flags.boolean("upload", &upload_, "push it");
    flags.text("rekor-url", &text_, "URL", "not used").section = Section::compatibility;
    flags.text("secret", &text_, "X", "never shown").section = Section::hidden;
  }
  sigstore::Result<int> run(Session&, const FlagSet&, const std::vector<std::string>&) override { return 0; }

 private:
  std::vector<std::string> path_;
  std::string text_, output_ = "json";
  bool upload_ = true;
};

TEST(Help, OfACommand) {
  Fake command({"fake"});
  FlagSet flags;
  bool verbose = false;
  flags.boolean("verbose", &verbose, "say more", 'd').section = Section::global;
  command.declare(flags);
  EXPECT_EQ(command_help(command, flags),
            R"(Do it to fake.

Usage:
  cosign fake [flags] IMAGE...

A --key and nothing else.

Examples:
  cosign fake --key k

Flags:
      --certificate, --cert FILE
        the certificate [$COSIGN_CERTIFICATE]
  -o, --output json|text
        form of the output (default: json) [$COSIGN_OUTPUT]
      --upload
        push it (default: true) [$COSIGN_UPLOAD]

Compatibility flags, for lines written for other versions:
      --rekor-url URL
        not used [$COSIGN_REKOR_URL]

Global flags:
  -d, --verbose
        say more [$COSIGN_VERBOSE]
  -h, --help
        show this help
)");
}

TEST(Help, OfAGroupListsItsCommands) {
  CommandTable commands;
  commands.push_back(std::make_unique<Fake>(std::vector<std::string>{"registry", "serve"}));
  commands.push_back(std::make_unique<Fake>(std::vector<std::string>{"sign"}));
  const std::string program = group_help(commands, {}, {});
  EXPECT_NE(program.find("  registry serve  do it to serve\n  sign            do it to sign\n"),
            std::string::npos)
      << program;
  const std::string group = group_help(commands, {"registry"}, {});
  EXPECT_NE(group.find("  cosign registry COMMAND [flags]\n"), std::string::npos) << group;
  EXPECT_EQ(group.find("do it to sign"), std::string::npos) << group;
}

TEST(Manual, NoLineIsWiderThanTheScreenUnlessAWordIs) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "word" + std::to_string(i) + " ";
  text += "\n- " + text + "\n";
  std::string rest = plain_manual(text);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    EXPECT_LE(end, help_columns);
    rest.erase(0, end + 1);
  }
  std::string longest(100, 'x');
  longest += '\n';
  EXPECT_EQ(wrapped(longest, "", 2), longest);
}

TEST(Manual, Blocks) {
  EXPECT_EQ(
      plain_manual("# Title\n\nOne\nparagraph.\n\n- first\n  still first\n- second\n\n1. one\n12. twelve\n"),
      "One paragraph.\n\n  - first still first\n  - second\n\n  1. one\n  12. twelve\n");
  EXPECT_EQ(
      plain_manual(
          "## Head\n\nText [link](https://x) `a **b**`.\n\n```sh\n  kept   as is\n\n# no heading\n```\n"),
      "Head:\nText link (https://x) a **b**.\n\n    kept   as is\n\n  # no heading\n");
  EXPECT_EQ(plain_manual("| a | `b` |\n| - | - |\n"), "  | a | b |\n  | - | - |\n");
  EXPECT_EQ(plain_manual(""), "");
}

TEST(Manual, OpenMarksLoseNothing) {
  EXPECT_EQ(plain_manual("an [open link and an `open mark"), "an [open link and an open mark\n");
  EXPECT_EQ(plain_manual("```\nnever closed"), "  never closed\n");
}

}  // namespace
}  // namespace cosign
