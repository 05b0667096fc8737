#include "cosign/args/help.h"

#include <algorithm>

#include "cosign/args/command_line.h"
#include "cosign/args/manual.h"

namespace cosign {
namespace {

constexpr std::size_t flag_indent = 8;

std::string aliases_of(const Flag& flag) {
  std::string text;
  for (const auto& [alias, full] : flag_aliases())
    if (full == flag.name) text += ", --" + std::string(alias);
  return text;
}

//   -t, --timeout DURATION
//         give up after this long (default: 3m0s) [$COSIGN_TIMEOUT]
std::string flag_text(const Flag& flag) {
  std::string head = flag.letter == 0 ? "      " : "  -" + std::string(1, flag.letter) + ", ";
  head += "--" + flag.name + aliases_of(flag);
  if (!flag.value_name.empty()) head += " " + flag.value_name;
  std::string help = flag.help;
  if (!flag.default_text.empty()) help += " (default: " + flag.default_text + ")";
  if (!flag.variable.empty()) help += " [$" + flag.variable + "]";
  return head + "\n" + wrapped(help, std::string(flag_indent, ' '), flag_indent);
}

std::string section_text(const FlagSet& flags, Section section, const std::string& title) {
  std::string text;
  for (const auto& flag : flags.all())
    if (flag->section == section && flags.find(flag->name) == flag.get()) text += flag_text(*flag);
  return text.empty() ? text : "\n" + title + ":\n" + text;
}

std::string global_text(const FlagSet& flags) {
  return section_text(flags, Section::global, "Global flags") + "  -h, --help\n" +
         std::string(flag_indent, ' ') + "show this help\n";
}

std::string sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

bool below(const std::vector<std::string>& path, const std::vector<std::string>& group) {
  return path.size() > group.size() && std::equal(group.begin(), group.end(), path.begin());
}

// Name and summary of each command below `path`, in two columns.
std::string command_list(const CommandTable& commands, const std::vector<std::string>& path) {
  std::vector<std::pair<std::string, std::string>> rows;
  std::size_t column = 0;
  for (const auto& command : commands) {
    if (!below(command->path(), path)) continue;
    rows.emplace_back("  " + spoken(command->path()).substr(std::string_view("cosign ").size()),
                      command->summary());
    column = std::max(column, rows.back().first.size() + 2);
  }
  std::string text;
  for (auto& [name, summary] : rows) {
    name.resize(column, ' ');
    text += wrapped(summary, name, column);
  }
  return text;
}

}  // namespace

std::string command_help(const Command& command, const FlagSet& flags) {
  const std::string usage = command.usage();
  std::string text = wrapped(sentence(command.summary()), "", 0);
  text += "\nUsage:\n  " + spoken(command.path()) + " [flags]" + (usage.empty() ? "" : " " + usage) + "\n";
  if (const std::string manual = plain_manual(command.manual()); !manual.empty()) text += "\n" + manual;
  text += section_text(flags, Section::normal, "Flags");
  text += section_text(flags, Section::compatibility,
                       "Compatibility flags, for lines written for other versions");
  return text + global_text(flags);
}

std::string group_help(const CommandTable& commands, const std::vector<std::string>& path,
                       const FlagSet& flags) {
  std::string text;
  if (path.empty())
    text +=
        wrapped(
            "Signs container images and verifies their signatures, in any registry, with no other service.",
            "", 0) +
        "\n";
  text += "Usage:\n  " + spoken(path) + " COMMAND [flags]\n\nCommands:\n" + command_list(commands, path);
  text += global_text(flags) + "\n";
  text += wrapped(
      "\"cosign COMMAND --help\" tells all about a command. A flag that is not on the command line is taken "
      "from its variable, which stands in brackets.",
      "", 0);
  if (path.empty()) text += "This is cosign-cpp, an implementation independent of the Sigstore project.\n";
  return text;
}

}  // namespace cosign
