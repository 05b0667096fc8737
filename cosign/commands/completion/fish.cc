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

// -r: a value, files are offered; -x: a value, and no files.
std::string value_options(const FlagWords& flag) {
  if (const auto suffix = key_suffix(flag.takes); !suffix.empty())
    return " -x -a '(__cosign_key " + std::string(suffix) + ")'";
  if (flag.takes == Takes::folder) return " -x -a '(__fish_complete_directories)'";
  std::string values;
  for (const std::string& value : flag.values) values += (values.empty() ? "" : " ") + value;
  return (flag.takes == Takes::file ? " -r" : " -x") + (values.empty() ? "" : " -a " + quoted(values));
}

std::string flag_line(const std::string& path, const FlagWords& flag) {
  std::string text = at(path) + " -l " + flag.name;
  if (flag.letter != 0) text += " -s " + std::string(1, flag.letter);
  if (flag.takes_value) text += value_options(flag);
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
function __cosign_key
    set -l typed (string replace -r -- '^--[a-z-]*=' '' (commandline -ct))
    if string match -q 'env:*' -- $typed
        set -nx | string replace -r '^' 'env://'
        return
    end
    echo env://
    for path in $typed*/ $typed*$argv[1]
        test -e $path; and echo $path
    end
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
