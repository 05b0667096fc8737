#include "cosign/commands/completion/words.h"

#include <algorithm>

#include "cosign/options/global.h"

namespace cosign {
namespace {

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& word : path) text += (text.empty() ? "" : " ") + word;
  return text;
}

// "bash|zsh|fish"; nothing for "IMAGE..." and the like.
std::vector<std::string> fixed_arguments(const std::string& usage) {
  std::vector<std::string> words(1);
  for (const char c : usage) {
    if (c == '|')
      words.emplace_back();
    else if (c >= 'a' && c <= 'z')
      words.back() += c;
    else
      return {};
  }
  return words.size() < 2 ? std::vector<std::string>{} : words;
}

// Where the positionals are the words of a command: those that commands begin with.
std::vector<std::string> command_arguments(const CommandTable& commands) {
  std::vector<std::string> words;
  for (const auto& command : commands)
    if (std::string word = command->path().front(); words.empty() || words.back() != word)
      words.push_back(std::move(word));
  return words;
}

std::vector<std::string> arguments_of(const Command& command, const CommandTable& commands) {
  const std::string usage = command.usage();
  return usage.find("COMMAND") == std::string::npos ? fixed_arguments(usage) : command_arguments(commands);
}

std::vector<std::string> values_of(const Flag& flag) {
  std::vector<std::string> values = flag.choices.empty() ? flag.suggestions : flag.choices;
  if (!key_suffix(flag.takes).empty()) values.emplace_back("env://");
  return values;
}

void add_flags(CommandWords& words, const FlagSet& flags) {
  for (const auto& flag : flags.all()) {
    const bool shown = flag->section == Section::normal || flag->section == Section::global;
    if (!shown || flags.find(flag->name) != flag.get()) continue;
    words.flags.push_back(
        {flag->name, flag->letter, flag->help, !flag->boolean, flag->takes, values_of(*flag)});
  }
  words.flags.push_back({"help", 'h', "show help", false, Takes::text, {}});
}

}  // namespace

std::string_view key_suffix(Takes takes) {
  if (takes == Takes::private_key) return ".key";
  return takes == Takes::public_key ? ".pub" : "";
}

std::vector<CommandWords> completion_words(const CommandTable& commands) {
  std::vector<CommandWords> all;
  GlobalOptions options;
  FlagSet program;
  options.declare(program);
  add_flags(all.emplace_back(), program);
  for (const auto& command : commands) {
    FlagSet flags;
    options.declare(flags);
    command->declare(flags);
    CommandWords& words = all.emplace_back(
        CommandWords{joined(command->path()), command->summary(), {}, arguments_of(*command, commands)});
    add_flags(words, flags);
  }
  return all;
}

std::vector<NextWord> next_words(const std::vector<CommandWords>& commands, const std::string& path) {
  std::vector<NextWord> next;
  const std::string start = path.empty() ? "" : path + " ";
  for (const CommandWords& command : commands) {
    if (!path.empty() && command.path == path)
      for (const std::string& argument : command.arguments) next.push_back({argument, ""});
    if (command.path.empty() || !command.path.starts_with(start)) continue;
    const std::string rest = command.path.substr(start.size());
    const std::string word = rest.substr(0, rest.find(' '));
    const std::string summary = word == rest ? command.summary : "";
    const auto known = std::ranges::find(next, word, &NextWord::word);
    if (known == next.end()) {
      next.push_back({word, summary});
    } else if (known->summary.empty()) {
      known->summary = summary;
    }
  }
  if (path.empty()) next.push_back({"help", "show the help of a command"});
  return next;
}

std::vector<std::string> all_paths(const std::vector<CommandWords>& commands) {
  std::vector<std::string> paths;
  for (const CommandWords& command : commands) {
    for (std::size_t end = command.path.find(' '); end != std::string::npos;
         end = command.path.find(' ', end + 1))
      paths.push_back(command.path.substr(0, end));
    if (!command.path.empty()) paths.push_back(command.path);
  }
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

std::vector<std::string> group_paths(const std::vector<CommandWords>& commands) {
  std::vector<std::string> paths = all_paths(commands);
  std::erase_if(paths, [&](const std::string& path) {
    return std::ranges::find(commands, path, &CommandWords::path) != commands.end();
  });
  return paths;
}

}  // namespace cosign
