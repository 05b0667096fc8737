#include "cosign/args/command_line.h"

#include <algorithm>

#include "cosign/args/flag_word.h"
#include "cosign/args/nearest.h"
#include "cosign/args/original.h"

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

using Words = std::vector<std::string>;

bool starts_with(const Words& path, const Words& start) {
  return path.size() >= start.size() && std::equal(start.begin(), start.end(), path.begin());
}

Command* command_at(const CommandTable& commands, const Words& path) {
  const auto found =
      std::ranges::find_if(commands, [&](const auto& command) { return command->path() == path; });
  return found == commands.end() ? nullptr : found->get();
}

bool contains(const Words& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

// The words that may follow `path`.
Words children(const CommandTable& commands, const Words& path) {
  Words words;
  for (const auto& command : commands) {
    const Words full = command->path();
    if (full.size() > path.size() && starts_with(full, path) && !contains(words, full[path.size()]))
      words.push_back(full[path.size()]);
  }
  return words;
}

std::string see_help(const Words& path) {
  return spoken(path) + " --help";
}

std::unexpected<sigstore::Error> unknown_command(const std::string& word, const Words& path,
                                                 const Words& known) {
  Words typed = path;
  typed.push_back(word);
  const std::string said = spoken(typed);
  if (const auto instead = instead_of(std::string_view(said).substr(std::string_view("cosign ").size())))
    return fail(Code::unsupported, said + " is not in this version yet", "", std::string(*instead));
  const std::string close = nearest(word, known);
  Words meant = path;
  meant.push_back(close);
  return fail(Code::invalid_argument, "unknown command \"" + word + "\" for \"" + spoken(path) + "\"", "",
              close.empty() ? see_help(path) : "did you mean " + spoken(meant) + "?");
}

// The command's words among `words`, and all other words in their order.
class Located {
 public:
  Words path;
  Words rest;
  bool help = false;
  std::string warning;

  static Result<Located> find(const Words& words, const CommandTable& commands, const FlagSet& program) {
    Located located;
    FlagSet all;  // filled when a flag stands before the command: does it take the next word?
    std::size_t at = 0;
    for (; at < words.size() && words[at] != "--" && !located.complete(commands); ++at) {
      const std::string& word = words[at];
      if (located.is_version(word)) {
        located.path.push_back("version");
        continue;
      }
      if (!is_flag_word(word)) {
        TRY(const bool taken, located.take(word, commands));
        if (!taken) break;
        continue;
      }
      located.rest.push_back(word);
      TRY(const bool with_next, located.takes_next(word, commands, program, all));
      if (with_next && at + 1 < words.size()) located.rest.push_back(words[++at]);
    }
    located.rest.insert(located.rest.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
    return located;
  }

 private:
  // A command below which there is no other: all that follows is its own.
  bool complete(const CommandTable& commands) const {
    return !path.empty() && children(commands, path).empty();
  }

  // Before any command, where no flag can be meant.
  bool is_version(const std::string& word) {
    if (!path.empty() || (word != "-version" && word != "--version")) return false;
    if (word == "-version")
      warning =
          "the -version flag is deprecated and will be removed in a future release. Please use the version "
          "subcommand instead.";
    return true;
  }

  // Whether `word` belongs to the path; if not, it is the command's first positional.
  Result<bool> take(const std::string& word, const CommandTable& commands) {
    const Words known = children(commands, path);
    if (contains(known, word)) {
      path.push_back(word);
      return true;
    }
    if (path.empty() && word == "help") return help = true;
    if (command_at(commands, path) != nullptr) return false;
    Words sayable = known;
    if (path.empty()) sayable.push_back("help");
    return unknown_command(word, path, sayable);
  }

  Result<bool> takes_next(const std::string& word, const CommandTable& commands, const FlagSet& program,
                          FlagSet& all) {
    auto read = read_flag_word(word, program);
    if (!read) {
      if (all.all().empty()) declare_all(commands, all);
      read = read_flag_word(word, all);
      if (!read) return std::unexpected(read.error());
    }
    return !read->occurrences.back().value.has_value();
  }

  void declare_all(const CommandTable& commands, FlagSet& all) const {
    for (const auto& command : commands)
      if (starts_with(command->path(), path)) command->declare(all);
  }
};

std::unexpected<sigstore::Error> bad_value(const std::string& value, const std::string& where,
                                           const Flag& flag, const sigstore::Error& reason) {
  const std::string close = nearest(value, flag.choices);
  return fail(Code::invalid_argument, "invalid argument \"" + value + "\" for " + where,
              "it " + reason.message, close.empty() ? "" : "did you mean " + close + "?");
}

// Reads flags and positionals into an invocation.
class Reader {
 public:
  Reader(Invocation& invocation, FlagSet& flags) : invocation_(invocation), flags_(flags) {}

  Result<void> read(const Words& words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (words[at] == "--") {
        invocation_.arguments.insert(invocation_.arguments.end(),
                                     words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
        return {};
      }
      if (!is_flag_word(words[at])) {
        invocation_.arguments.push_back(words[at]);
        continue;
      }
      TRY(FlagWord word, read_flag_word(words[at], flags_));
      if (!word.warning.empty()) invocation_.warnings.push_back("WARNING: " + word.warning);
      if (auto& last = word.occurrences.back(); !last.value) {
        if (at + 1 == words.size()) return missing_value(words[at], *last.flag);
        last.value = words[++at];
      }
      TRY_OK(apply(word));
    }
    return {};
  }

  Result<void> read_variables(const sigstore::Variables& variables) {
    for (const auto& flag : flags_.all()) {
      if (flag->given || flag->variable.empty()) continue;
      const auto value = variables.get(flag->variable);
      if (!value || value->empty()) continue;
      if (auto set = flag->set(*value); !set)
        return bad_value(*value, "the variable " + flag->variable, *flag, set.error());
      flag->given = true;
      invocation_.from_variables.push_back({flag->name, flag->variable});
    }
    return {};
  }

 private:
  Result<void> apply(const FlagWord& word) {
    for (const Occurrence& occurrence : word.occurrences) {
      Flag& flag = occurrence.flag != nullptr ? *occurrence.flag : help_;
      if (auto set = flag.set(*occurrence.value); !set)
        return bad_value(*occurrence.value, "\"" + flag.display() + "\" flag", flag, set.error());
      flag.given = true;
    }
    return {};
  }

  static std::unexpected<sigstore::Error> missing_value(const std::string& word, const Flag& flag) {
    if (word.starts_with("--") || word.substr(1) == flag.name)
      return fail(Code::invalid_argument, "flag needs an argument: --" + flag.name);
    return fail(Code::invalid_argument,
                "flag needs an argument: '" + std::string(1, flag.letter) + "' in " + word);
  }

  Invocation& invocation_;
  FlagSet& flags_;
  FlagSet built_in_;
  Flag& help_ = built_in_.boolean("help", &invocation_.help, "", 'h');
};

Result<void> check_count(const Command& command, std::size_t count) {
  const auto [least, most] = command.arguments();
  const auto given = static_cast<int>(count);
  if (given >= least && (most < 0 || given <= most)) return {};
  const std::string received = ", received " + std::to_string(given);
  std::string message;
  if (most < 0) {
    message =
        "requires at least " + std::to_string(least) + " arg(s), only received " + std::to_string(given);
  } else if (least == most) {
    message = "accepts " + std::to_string(most) + " arg(s)" + received;
  } else if (least == 0) {
    message = "accepts at most " + std::to_string(most) + " arg(s)" + received;
  } else {
    message =
        "accepts between " + std::to_string(least) + " and " + std::to_string(most) + " arg(s)" + received;
  }
  const std::string usage = command.usage();
  return fail(Code::invalid_argument, message, "",
              spoken(command.path()) + " [flags]" + (usage.empty() ? "" : " " + usage));
}

}  // namespace

std::string spoken(const Words& path) {
  std::string text = "cosign";
  for (const std::string& word : path) text += " " + word;
  return text;
}

Result<Invocation> parse_command_line(const Words& words, const CommandTable& commands,
                                      const sigstore::Variables& variables, FlagSet& flags) {
  const auto with_help = [](sigstore::Error error, const Words& path) {
    if (error.hint.empty()) error.hint = see_help(path);
    return fail(std::move(error));
  };
  auto found = Located::find(words, commands, flags);
  if (!found) return with_help(found.error(), {});
  Located& located = *found;
  Invocation invocation;
  invocation.path = located.path;
  invocation.help = located.help;
  invocation.command = command_at(commands, located.path);
  if (!located.warning.empty()) invocation.warnings.push_back("WARNING: " + located.warning);
  if (invocation.command != nullptr) invocation.command->declare(flags);

  Reader reader(invocation, flags);
  if (auto read = reader.read(located.rest); !read) return with_help(read.error(), located.path);
  if (invocation.help || invocation.command == nullptr) return invocation;
  TRY_OK(check_count(*invocation.command, invocation.arguments.size()));
  TRY_OK(reader.read_variables(variables));
  return invocation;
}

}  // namespace cosign
