#include "cosign/args/flag_set.h"

#include <algorithm>
#include <charconv>

#include "cosign/args/csv.h"
#include "cosign/args/duration.h"
#include "cosign/args/size.h"
#include "sigstore/codec/words.h"

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

std::string variable_of(std::string_view name) {
  std::string variable = "COSIGN_";
  for (const char c : name)
    variable += c == '-' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return variable;
}

// "FILE", "LAYOUT=REPO", "PATH[:OS/ARCH]", but not "KEY=VALUE".
Takes named_by(std::string_view value_name) {
  if (value_name == "KEY") return Takes::file;
  const auto end = value_name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const std::string_view word = value_name.substr(0, end);
  if (word == "DIR" || word == "FOLDER" || word == "LAYOUT") return Takes::folder;
  return word == "FILE" || word == "PATH" ? Takes::file : Takes::text;
}

Flag describe(std::string name, std::string value_name, std::string help, char letter) {
  Flag flag;
  flag.name = std::move(name);
  flag.value_name = std::move(value_name);
  flag.help = std::move(help);
  flag.letter = letter;
  return flag;
}

std::string joined(const std::vector<std::string>& words, std::string_view between = ",") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? std::string() : std::string(between)) + word;
  return text;
}

// A flag whose occurrences add to `target`, each through `split`.
Flag list_flag(Flag flag, std::vector<std::string>* target,
               std::function<Result<std::vector<std::string>>(const std::string&)> split) {
  flag.default_text = joined(*target);
  flag.set = [target, split = std::move(split),
              first = true](const std::string& value) mutable -> Result<void> {
    TRY(auto values, split(value));
    if (std::exchange(first, false)) target->clear();
    target->insert(target->end(), values.begin(), values.end());
    return {};
  };
  return flag;
}

bool is_pair(const std::string& text) {
  return text.find('=') != std::string::npos && text[0] != '=';
}

}  // namespace

std::string Flag::display() const {
  return letter == 0 ? "--" + name : "-" + std::string(1, letter) + ", --" + name;
}

Flag& FlagSet::add(Flag flag) {
  flag.variable = variable_of(flag.name);
  if (flag.takes == Takes::text) flag.takes = named_by(flag.value_name);
  return *flags_.emplace_back(std::make_unique<Flag>(std::move(flag)));
}

Flag& FlagSet::boolean(std::string name, bool* target, std::string help, char letter) {
  Flag flag = describe(std::move(name), "", std::move(help), letter);
  flag.boolean = true;
  flag.default_text = *target ? "true" : "";
  flag.set = [target](const std::string& value) -> Result<void> {
    const auto truth = sigstore::codec::parse_bool(value);
    if (!truth) return fail(Code::invalid_argument, "must be true or false");
    *target = *truth;
    return {};
  };
  return add(std::move(flag));
}

Flag& FlagSet::text(std::string name, std::string* target, std::string value_name, std::string help,
                    char letter) {
  Flag flag = describe(std::move(name), std::move(value_name), std::move(help), letter);
  flag.default_text = *target;
  flag.set = [target](const std::string& value) -> Result<void> {
    *target = value;
    return {};
  };
  return add(std::move(flag));
}

Flag& FlagSet::optional_text(std::string name, std::optional<std::string>* target, std::string value_name,
                             std::string help, char letter) {
  Flag flag = describe(std::move(name), std::move(value_name), std::move(help), letter);
  flag.default_text = target->value_or("");
  flag.set = [target](const std::string& value) -> Result<void> {
    *target = value;
    return {};
  };
  return add(std::move(flag));
}

Flag& FlagSet::list(std::string name, std::vector<std::string>* target, std::string value_name,
                    std::string help, char letter) {
  return add(list_flag(describe(std::move(name), std::move(value_name), std::move(help), letter), target,
                       [](const std::string& value) { return std::vector<std::string>{value}; }));
}

Flag& FlagSet::csv_list(std::string name, std::vector<std::string>* target, std::string value_name,
                        std::string help, char letter) {
  return add(list_flag(describe(std::move(name), std::move(value_name), std::move(help), letter), target,
                       [](const std::string& value) { return split_csv(value); }));
}

Flag& FlagSet::pair_list(std::string name, std::vector<std::string>* target, std::string help, char letter) {
  const auto split = [](const std::string& value) -> Result<std::vector<std::string>> {
    auto parts = split_csv(value);
    if (parts && std::ranges::all_of(*parts, is_pair)) return parts;
    return std::vector<std::string>{value};
  };
  return add(list_flag(describe(std::move(name), "KEY=VALUE", std::move(help), letter), target, split));
}

Flag& FlagSet::number(std::string name, int* target, std::string help, char letter) {
  Flag flag = describe(std::move(name), "N", std::move(help), letter);
  flag.default_text = std::to_string(*target);
  flag.set = [target](const std::string& value) -> Result<void> {
    std::string_view digits = value;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    int number = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
    if (error != std::errc() || end != digits.end() || value.starts_with("+-"))
      return fail(Code::invalid_argument, "must be a whole number");
    *target = number;
    return {};
  };
  return add(std::move(flag));
}

Flag& FlagSet::duration(std::string name, std::chrono::nanoseconds* target, std::string help, char letter) {
  Flag flag = describe(std::move(name), "DURATION", std::move(help), letter);
  flag.default_text = duration_text(*target);
  flag.set = [target](const std::string& value) -> Result<void> {
    TRY(*target, parse_duration(value));
    return {};
  };
  return add(std::move(flag));
}

Flag& FlagSet::size(std::string name, std::uint64_t* target, std::string help, char letter) {
  Flag flag = describe(std::move(name), "SIZE", std::move(help), letter);
  if (*target != 0) flag.default_text = size_text(*target);
  flag.set = [target](const std::string& value) -> Result<void> {
    TRY(*target, parse_size(value));
    return {};
  };
  return add(std::move(flag));
}

Flag& FlagSet::choice(std::string name, std::string* target, std::vector<std::string> choices,
                      std::string help, char letter) {
  Flag flag = describe(std::move(name), "", std::move(help), letter);
  flag.value_name = joined(choices, "|");
  flag.default_text = *target;
  flag.choices = choices;
  flag.set = [target, choices = std::move(choices)](const std::string& value) -> Result<void> {
    if (std::ranges::find(choices, value) == choices.end())
      return fail(Code::invalid_argument, "must be one of " + joined(choices, ", "));
    *target = value;
    return {};
  };
  return add(std::move(flag));
}

Flag* FlagSet::find(std::string_view name) const {
  for (const auto& [alias, full] : flag_aliases())
    if (name == alias) name = full;
  const auto found =
      std::find_if(flags_.rbegin(), flags_.rend(), [&](const auto& flag) { return flag->name == name; });
  return found == flags_.rend() ? nullptr : found->get();
}

Flag* FlagSet::find(char letter) const {
  const auto found =
      std::find_if(flags_.rbegin(), flags_.rend(), [&](const auto& flag) { return flag->letter == letter; });
  return found == flags_.rend() || letter == 0 ? nullptr : found->get();
}

bool FlagSet::given(std::string_view name) const {
  const Flag* flag = find(name);
  return flag != nullptr && flag->given;
}

const std::vector<std::pair<std::string_view, std::string_view>>& flag_aliases() {
  static const std::vector<std::pair<std::string_view, std::string_view>> aliases = {
      {"cert", "certificate"},
      {"cert-chain", "certificate-chain"},
      {"cert-email", "certificate-email"},
      {"cert-identity", "certificate-identity"},
      {"cert-oidc-issuer", "certificate-oidc-issuer"},
      {"output-cert", "output-certificate"},
  };
  return aliases;
}

}  // namespace cosign
