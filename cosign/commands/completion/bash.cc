// For bash 4.1 or later, without the bash-completion package.
#include "cosign/commands/completion/words.h"

namespace cosign {
namespace {

std::string flag_words(const CommandWords& command) {
  std::string words;
  for (const FlagWords& flag : command.flags) words += (words.empty() ? "--" : " --") + flag.name;
  return words;
}

std::string pattern(const std::string& path, const FlagWords& flag) {
  std::string text = "'" + path + " --" + flag.name + "'";
  if (flag.letter != 0) text += " | '" + path + " -" + std::string(1, flag.letter) + "'";
  return text;
}

// Lines of `case "$path $flag"`: the choices of a flag, or its kind. Files are what bash completes by itself.
std::string value_cases(const std::vector<CommandWords>& commands) {
  std::string text;
  for (const CommandWords& command : commands) {
    for (const FlagWords& flag : command.flags) {
      if (!flag.takes_value) continue;
      std::string choices;
      for (const std::string& choice : flag.choices) choices += (choices.empty() ? "" : " ") + choice;
      if (choices.empty()) choices = flag.file ? "FILE" : "OTHER";
      text += "    " + pattern(command.path, flag) + ") values='" + choices + "' ;;\n";
    }
  }
  return text;
}

std::string path_cases(const std::vector<CommandWords>& commands) {
  std::string patterns;
  for (const std::string& path : all_paths(commands))
    patterns += (patterns.empty() ? "'" : " | '") + path + "'";
  return "      " + patterns + ") path=$next ;;\n";
}

std::string word_cases(const std::vector<CommandWords>& commands) {
  std::string text;
  const auto line = [&](const std::string& path, const std::string& flags) {
    std::string words;
    for (const NextWord& next : next_words(commands, path)) words += (words.empty() ? "" : " ") + next.word;
    text += "    '" + path + "') words='" + words + "' flags='" + flags + "' ;;\n";
  };
  for (const CommandWords& command : commands) line(command.path, flag_words(command));
  for (const std::string& path : group_paths(commands)) line(path, flag_words(commands.front()));
  return text;
}

}  // namespace

std::string bash_script(const std::vector<CommandWords>& commands) {
  return R"(# bash completion for cosign; made by `cosign completion bash`
_cosign() {
  local current=${COMP_WORDS[COMP_CWORD]} path='' next word flag='' values='' words='' flags='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    [[ $path == '' && $word == help ]] && continue
    next=${path:+$path }$word
    case "$next" in
)" + path_cases(commands) +
         R"(    esac
  done
  # bash takes "--flag=value" apart at the '='.
  if [[ $current == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD-1]} current=''
  elif [[ ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD-2]}
  else
    flag=${COMP_WORDS[COMP_CWORD-1]}
  fi
  COMPREPLY=()
  case "$path $flag" in
)" + value_cases(commands) +
         R"(  esac
  case "$values" in
    '') ;;
    FILE) return ;;
    OTHER) compopt +o default 2>/dev/null; return ;;
    *) COMPREPLY=($(compgen -W "$values" -- "$current")); return ;;
  esac
  case "$path" in
)" + word_cases(commands) +
         R"(  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -F _cosign cosign
)";
}

}  // namespace cosign
