// For zsh 5, with its completion system loaded.
#include "cosign/commands/completion/words.h"

namespace cosign {
namespace {

// Inside single quotes.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out;
}

std::string quoted_word(const std::string& text) {
  return "'" + quoted(text) + "'";
}

// 'word:description' of _describe.
std::string described(const std::string& word, const std::string& help) {
  return " '" + word + (help.empty() ? "" : ":" + quoted(help)) + "'";
}

std::string path_cases(const std::vector<CommandWords>& commands) {
  std::string patterns;
  for (const std::string& path : all_paths(commands))
    patterns += (patterns.empty() ? "'" : "|'") + path + "'";
  return "      " + patterns + ") trail=$next ;;\n";
}

std::string value_action(const FlagWords& flag) {
  if (const auto suffix = key_suffix(flag.takes); !suffix.empty())
    return "_cosign_key " + std::string(suffix);
  if (flag.takes == Takes::folder) return "_files -/";
  if (flag.values.empty()) return flag.takes == Takes::file ? "_files" : "_message " + quoted_word(flag.help);
  std::string action = flag.takes == Takes::file ? "_files; compadd --" : "compadd --";
  for (const std::string& value : flag.values) action += " " + quoted_word(value);
  return action;
}

std::string value_cases(const std::vector<CommandWords>& commands) {
  std::string text;
  for (const CommandWords& command : commands) {
    for (const FlagWords& flag : command.flags) {
      if (!flag.takes_value) continue;
      text += "    '" + command.path + " --" + flag.name + "'";
      if (flag.letter != 0) text += "|'" + command.path + " -" + std::string(1, flag.letter) + "'";
      text += ") " + value_action(flag) + "; return ;;\n";
    }
  }
  return text;
}

std::string word_cases(const std::vector<CommandWords>& commands) {
  std::string text;
  const auto entry = [&](const std::string& path, const CommandWords& flags) {
    text += "    '" + path + "')\n      candidates=(";
    for (const NextWord& next : next_words(commands, path)) text += described(next.word, next.summary);
    text += " )\n      flags=(";
    for (const FlagWords& flag : flags.flags) text += described("--" + flag.name, flag.help);
    text += " ) ;;\n";
  };
  for (const CommandWords& command : commands) entry(command.path, command);
  for (const std::string& path : group_paths(commands)) entry(path, commands.front());
  return text;
}

}  // namespace

std::string zsh_script(const std::vector<CommandWords>& commands) {
  return R"(#compdef cosign
# zsh completion for cosign; made by `cosign completion zsh`
_cosign_key() {
  if compset -P 'env://'; then
    _parameters -g '*export*'
  else
    compadd -S '' -- env://
    _files -g "*$1"
  fi
}
_cosign() {
  local trail='' next word
  local -a candidates flags
  for word in "${(@)words[2,CURRENT-1]}"; do
    [[ $trail == '' && $word == help ]] && continue
    next=${trail:+$trail }$word
    case $next in
)" + path_cases(commands) +
         R"(    esac
  done
  word=$words[CURRENT-1]
  if [[ $words[CURRENT] == --*=* ]]; then
    word=${words[CURRENT]%%=*}
    compset -P 1 '*='
  fi
  case "$trail $word" in
)" + value_cases(commands) +
         R"(  esac
  case $trail in
)" + word_cases(commands) +
         R"(  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe 'flag' flags
  elif (( ${#candidates} )); then
    _describe 'command' candidates
  else
    _files
  fi
}
if [[ $funcstack[1] == _cosign ]]; then
  _cosign "$@"
else
  compdef _cosign cosign
fi
)";
}

}  // namespace cosign
