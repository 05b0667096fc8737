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

bool names_file(const std::string& value_name) {
  for (const std::string_view kind : {"FILE", "DIR", "KEY", "LAYOUT"})
    if (value_name == kind || value_name.starts_with(std::string(kind) + "=")) return true;
  return false;
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

void add_flags(CommandWords& words, const FlagSet& flags) {
  for (const auto& flag : flags.all()) {
    const bool shown = flag->section == Section::normal || flag->section == Section::global;
    if (!shown || flags.find(flag->name) != flag.get()) continue;
    words.flags.push_back(
        {flag->name, flag->letter, flag->help, !flag->boolean, names_file(flag->value_name), flag->choices});
  }
  words.flags.push_back({"help", 'h', "show help", false, false, {}});
}

}  // namespace

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
        CommandWords{joined(command->path()), command->summary(), {}, fixed_arguments(command->usage())});
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
