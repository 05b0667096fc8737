#include "cosign/commands/completion/words.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

class Fake final : public Command {
 public:
  Fake(std::vector<std::string> path, std::string usage) : path_(std::move(path)), usage_(std::move(usage)) {}
  [[nodiscard]] std::vector<std::string> path() const override { return path_; }
  [[nodiscard]] std::string usage() const override { return usage_; }
  [[nodiscard]] std::string summary() const override { return "do " + path_.back(); }
  [[nodiscard]] std::string manual() const override { return ""; }
  void declare(FlagSet& flags) override {
    flags.text("key", &text_, "KEY", "the key", 'k');
    flags.text("pub", &text_, "KEY", "").takes = Takes::public_key;
    flags.text("load", &text_, "LAYOUT=REPO", "");
    flags.text("name", &text_, "FILENAME", "");
    flags.text("platform", &text_, "OS", "").suggestions = {"linux/amd64"};
    flags.pair_list("pair", &texts_, "");
    flags.choice("output", &text_, {"json", "text"}, "");
    flags.boolean("yes", &yes_, "");
    flags.text("old", &text_, "FILE", "").section = Section::compatibility;
    flags.text("secret", &text_, "FILE", "").section = Section::hidden;
  }
  sigstore::Result<int> run(Session&, const FlagSet&, const std::vector<std::string>&) override { return 0; }

 private:
  std::vector<std::string> path_;
  std::string usage_, text_;
  std::vector<std::string> texts_;
  bool yes_ = false;
};

using Texts = std::vector<std::string>;

std::vector<CommandWords> words() {
  CommandTable table;
  table.push_back(std::make_unique<Fake>(Texts{"completion"}, "bash|zsh"));
  table.push_back(std::make_unique<Fake>(Texts{"registry", "serve"}, ""));
  table.push_back(std::make_unique<Fake>(Texts{"sign"}, "IMAGE... | - [REPOSITORY]"));
  return completion_words(table);
}

Texts next(const std::string& path) {
  Texts texts;
  for (const NextWord& word : next_words(words(), path))
    texts.push_back(word.word + (word.summary.empty() ? "" : ": " + word.summary));
  return texts;
}

TEST(CompletionWords, WhatMayFollow) {
  EXPECT_EQ(next(""), (Texts{"completion: do completion", "registry", "sign: do sign",
                             "help: show the help of a command"}));
  EXPECT_EQ(next("registry"), (Texts{"serve: do serve"}));
  EXPECT_EQ(next("completion"), (Texts{"bash", "zsh"}));
  EXPECT_EQ(next("sign"), Texts{});
  EXPECT_EQ(all_paths(words()), (Texts{"completion", "registry", "registry serve", "sign"}));
  EXPECT_EQ(group_paths(words()), Texts{"registry"});
}

TEST(CompletionWords, WhereACommandIsWantedCommandsAre) {
  CommandTable table;
  table.push_back(std::make_unique<Fake>(Texts{"man"}, "[COMMAND...]"));
  table.push_back(std::make_unique<Fake>(Texts{"registry", "gc"}, ""));
  table.push_back(std::make_unique<Fake>(Texts{"registry", "serve"}, ""));
  EXPECT_EQ(completion_words(table)[1].arguments, (Texts{"man", "registry"}));
}

TEST(CompletionWords, FlagsWithTheirValues) {
  const auto all = words();
  EXPECT_EQ(all.front().path, "");
  const char* const kinds[] = {"", "file", "folder", "private", "public"};
  Texts texts;
  for (const FlagWords& flag : all.back().flags) {
    std::string text = flag.name;
    if (flag.takes_value) text += std::string("=") + kinds[static_cast<int>(flag.takes)];
    for (const std::string& value : flag.values) text += value + ",";
    texts.push_back(text);
  }
  EXPECT_EQ(texts,
            (Texts{"output-file=file", "timeout=", "verbose", "key=file", "pub=publicenv://,", "load=folder",
                   "name=", "platform=linux/amd64,", "pair=", "output=json,text,", "yes", "help"}));
  EXPECT_EQ(all.back().flags[3].letter, 'k');
}

}  // namespace
}  // namespace cosign
