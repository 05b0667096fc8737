#include "cosign/commands/dockerfile-verify/heredoc.h"

#include <algorithm>
#include <optional>

#include "cosign/commands/dockerfile-verify/words.h"
#include "sigstore/codec/json.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;

// Where the first list ends in a text that begins with "[": after its "]", strings left out.
std::size_t end_of_list(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && text[i] == ']')
      return i + 1;
  }
  return 0;
}

// Docker reads the first JSON value, whatever stands behind it.
bool is_json_form(std::string_view arguments) {
  if (!arguments.starts_with('[')) return false;
  const auto list = json::parse(arguments.substr(0, end_of_list(arguments)), "the list");
  return list && list->array() &&
         std::ranges::all_of(*list->array(), [](const json::Value& value) { return value.string(); });
}

bool may_have_any(const Instruction& instruction) {
  if (instruction.keyword == "ONBUILD") {
    const auto inner = parse_instruction(instruction.arguments, instruction.line);
    return inner.keyword != "ONBUILD" && may_have_any(inner);
  }
  return (instruction.keyword == "RUN" || instruction.keyword == "COPY" || instruction.keyword == "ADD") &&
         !is_json_form(instruction.arguments);
}

std::string without_quotes(std::string_view word) {
  std::string name;
  char quote = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (quote != 0 ? c == quote : c == '\'' || c == '"')
      quote = quote == 0 ? c : '\0';
    else if (c == '\\' && quote != '\'' && i + 1 < word.size())
      name += word[++i];
    else
      name += c;
  }
  return name;
}

// A word such as 3<<-"EOF"; what looks like it in quotes begins with a quote, and is none.
std::optional<Heredoc> heredoc(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of("0123456789"), word.size()));
  if (!word.starts_with("<<")) return std::nullopt;
  word.remove_prefix(2);
  const bool strips_tabs = word.starts_with('-');
  if (strips_tabs) word.remove_prefix(1);
  if (word.empty() || word.contains('<')) return std::nullopt;
  return Heredoc{without_quotes(word), strips_tabs};
}

// A word << that stands alone, or 3<<.
bool is_bare_start(std::string_view word) {
  return word.ends_with("<<") && word.find_first_not_of("0123456789") == word.size() - 2;
}

}  // namespace

std::vector<Heredoc> heredocs(const Instruction& instruction, std::string_view line) {
  if (!line.contains("<<") || !may_have_any(instruction)) return {};
  std::vector<Heredoc> found;
  const auto words = raw_words(line, '\\');  // here it is always a backslash
  if (!words) return {};
  for (std::size_t i = 0; i < words->size(); ++i) {
    const std::string& word = (*words)[i];
    if (auto document = heredoc(word)) found.push_back(std::move(*document));
    if (is_bare_start(word) && i + 1 < words->size() && !(*words)[i + 1].contains('<'))
      found.push_back({without_quotes((*words)[i + 1]), false, true});
  }
  return found;
}

}  // namespace cosign
