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

// Which files a value may be: of any name, folders ("/"), of a suffix, or none.
std::string files_of(const FlagWords& flag) {
  if (flag.takes == Takes::file) return "any";
  if (flag.takes == Takes::folder) return "/";
  const std::string_view suffix = key_suffix(flag.takes);
  return suffix.empty() ? "none" : std::string(suffix);
}

// Lines of `case "$path $flag"`: the values of a flag, and its files.
std::string value_cases(const std::vector<CommandWords>& commands) {
  std::string text;
  for (const CommandWords& command : commands) {
    for (const FlagWords& flag : command.flags) {
      if (!flag.takes_value) continue;
      std::string values;
      for (const std::string& value : flag.values) values += (values.empty() ? "" : " ") + value;
      text += "    " + pattern(command.path, flag) + ") files=" + files_of(flag);
      text += (values.empty() ? "" : " values='" + values + "'") + " ;;\n";
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
# VALUES FILES: "any" file, folders ("/"), those of a suffix (".key"), or "none".
_cosign_value() {
  local found
  COMPREPLY=($(compgen -W "$1" -- "$current"))
  case "$2" in
    any) mapfile -t found < <(compgen -f -- "$current") ;;
    /) mapfile -t found < <(compgen -d -- "$current") ;;
    .*) mapfile -t found < <(compgen -f -X "!*$2" -- "$current"; compgen -d -- "$current") ;;
    none) found=(); compopt +o default 2>/dev/null ;;
  esac
  [[ ${#found[@]} -gt 0 ]] && compopt -o filenames 2>/dev/null
  [[ ${#found[@]} -eq 0 && ${COMPREPLY[0]-} == */ ]] && compopt -o nospace 2>/dev/null
  COMPREPLY+=("${found[@]}")
}
_cosign() {
  local current=${COMP_WORDS[COMP_CWORD]} path='' next word flag='' values='' files='' words='' flags='' index
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
  # The name of a variable; "env://NAME" is taken apart at the ':'.
  if [[ $current == //* && $flag == : && ${COMP_WORDS[COMP_CWORD-2]} == env ]]; then
    COMPREPLY=($(compgen -e -P // -- "${current#//}"))
    return
  fi
  case "$path $flag" in
)" + value_cases(commands) +
         R"(  esac
  if [[ $files != '' ]]; then
    _cosign_value "$values" "$files"
    return
  fi
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
