#include "cosign/args/flag_word.h"

#include <string_view>

#include "cosign/args/nearest.h"

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

constexpr std::string_view deprecated =
    " flag is deprecated and will be removed in a future release. Please use the ";

// "name=value" at the first '='.
struct Assignment {
  std::string name;
  std::optional<std::string> value;
};

Assignment split(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {std::string(text), std::nullopt};
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::string suggestion(const std::string& name, const FlagSet& flags) {
  std::vector<std::string> names = {"help"};
  for (const auto& flag : flags.all())
    if (flag->section != Section::hidden) names.push_back(flag->name);
  const std::string close = nearest(name, names);
  return close.empty() ? "" : "did you mean --" + close + "?";
}

std::unexpected<sigstore::Error> unknown(const std::string& name, const FlagSet& flags) {
  return fail(Code::invalid_argument, "unknown flag: --" + name, "", suggestion(name, flags));
}

bool is_long(const std::string& name, const FlagSet& flags) {
  return name == "help" || flags.find(name) != nullptr;
}

// A boolean without a value is true; anything else without one takes the next word.
Occurrence occurrence(Flag* flag, std::optional<std::string> value) {
  if (!value && (flag == nullptr || flag->boolean)) value = "true";
  return {flag, std::move(value)};
}

Result<FlagWord> read_long(const Assignment& given, const FlagSet& flags, std::string warning) {
  Flag* flag = flags.find(given.name);
  if (flag == nullptr && given.name != "help") return unknown(given.name, flags);
  return FlagWord{{occurrence(flag, given.value)}, std::move(warning)};
}

// `body` without the dash: boolean letters, then at most one letter that takes the rest or the next word.
Result<FlagWord> read_letters(const std::string& body, const FlagSet& flags, std::string warning) {
  FlagWord word{{}, std::move(warning)};
  for (std::size_t at = 0; at < body.size(); ++at) {
    Flag* flag = flags.find(body[at]);
    if (flag == nullptr && body[at] != 'h') {
      const std::string name = split(body).name;
      if (at == 0 && name.size() > 1) return unknown(name, flags);
      return fail(Code::invalid_argument, "unknown shorthand flag: '" + body.substr(at, 1) + "' in -" + name,
                  "", name.size() > 1 ? suggestion(name, flags) : "");
    }
    std::string rest = body.substr(at + 1);
    const bool boolean = flag == nullptr || flag->boolean;
    if (rest.starts_with('=')) {
      word.occurrences.push_back({flag, rest.substr(1)});
      return word;
    }
    if (!boolean && !rest.empty()) {
      word.occurrences.push_back({flag, std::move(rest)});
      return word;
    }
    word.occurrences.push_back(occurrence(flag, std::nullopt));
  }
  return word;
}

}  // namespace

bool is_flag_word(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word != "--";
}

Result<FlagWord> read_flag_word(const std::string& word, const FlagSet& flags) {
  const bool two_dashes = word.starts_with("--");
  const std::string body = word.substr(two_dashes ? 2 : 1);
  const Assignment given = split(body);
  if (body[0] == '-' || given.name.empty()) return fail(Code::invalid_argument, "bad flag syntax: " + word);
  if (two_dashes && given.name.size() == 1 && flags.find(given.name[0]) != nullptr) {
    return read_letters(body, flags,
                        "the flag --" + given.name +
                            " is deprecated and will be removed in a future release. Please use the flag -" +
                            given.name + ".");
  }
  if (two_dashes) return read_long(given, flags, "");
  if (given.name.size() > 1 && is_long(given.name, flags)) {
    return read_long(given, flags,
                     "the -" + given.name + std::string(deprecated) + "--" + given.name + " flag instead.");
  }
  return read_letters(body, flags, "");
}

}  // namespace cosign
