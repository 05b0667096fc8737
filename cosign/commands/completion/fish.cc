// For fish 3.
#include "cosign/commands/completion/words.h"

namespace cosign {
namespace {

// A word in single quotes.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

std::string at(const std::string& path) {
  return "complete -c cosign -n " + quoted("__cosign_at " + quoted(path));
}

std::string command_lines(const std::vector<CommandWords>& commands, const std::string& path) {
  std::string text;
  for (const NextWord& next : next_words(commands, path))
    text +=
        at(path) + " -f -a " + next.word + (next.summary.empty() ? "" : " -d " + quoted(next.summary)) + "\n";
  return text;
}

std::string flag_line(const std::string& path, const FlagWords& flag) {
  std::string text = at(path) + " -l " + flag.name;
  if (flag.letter != 0) text += " -s " + std::string(1, flag.letter);
  if (flag.takes_value) text += flag.file ? " -r" : " -x";
  if (!flag.choices.empty()) {
    std::string choices;
    for (const std::string& choice : flag.choices) choices += (choices.empty() ? "" : " ") + choice;
    text += " -a " + quoted(choices);
  }
  return text + " -d " + quoted(flag.help) + "\n";
}

}  // namespace

std::string fish_script(const std::vector<CommandWords>& commands) {
  std::string paths;
  for (const std::string& path : all_paths(commands)) paths += " " + quoted(path);
  std::string text = R"(# fish completion for cosign; made by `cosign completion fish`
function __cosign_at
    set -l trail ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$trail $word")
        contains -- $next)" +
                     paths + R"(; and set trail $next
    end
    test "$trail" = "$argv[1]"
end
)";
  for (const CommandWords& command : commands) {
    text += command_lines(commands, command.path);
    for (const FlagWords& flag : command.flags) text += flag_line(command.path, flag);
  }
  for (const std::string& path : group_paths(commands)) text += command_lines(commands, path);
  return text;
}

}  // namespace cosign
