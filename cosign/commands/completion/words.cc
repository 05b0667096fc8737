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

void add_flags(CommandWords& words, const FlagSet& flags) {
  for (const auto& flag : flags.all()) {
    const bool shown = flag->section == Section::normal || flag->section == Section::global;
    if (!shown || flags.find(flag->name) != flag.get()) continue;
    words.flags.push_back({flag->name, flag->letter, flag->help, !flag->boolean, flag->choices});
  }
  words.flags.push_back({"help", 'h', "show help", false, {}});
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
    CommandWords& words = all.emplace_back(CommandWords{joined(command->path()), command->summary(), {}});
    add_flags(words, flags);
  }
  return all;
}

std::vector<NextWord> next_words(const std::vector<CommandWords>& commands, const std::string& path) {
  std::vector<NextWord> next;
  const std::string start = path.empty() ? "" : path + " ";
  for (const CommandWords& command : commands) {
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

}  // namespace cosign
