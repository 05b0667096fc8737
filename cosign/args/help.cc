#include "cosign/args/help.h"

#include <algorithm>

#include "cosign/args/command_line.h"
#include "cosign/args/description.h"
#include "cosign/args/manual.h"

namespace cosign {
namespace {

constexpr std::size_t flag_indent = 8;

//   -t, --timeout DURATION
//         give up after this long (default: 3m0s) [$COSIGN_TIMEOUT]
std::string flag_text(const DescribedFlag& flag) {
  std::string head = flag.letter == 0 ? "      " : "  -" + std::string(1, flag.letter) + ", ";
  for (const std::string& name : flag.names) head += (&name == flag.names.data() ? "--" : ", --") + name;
  if (!flag.value_name.empty()) head += " " + flag.value_name;
  return head + "\n" + wrapped(flag.help, std::string(flag_indent, ' '), flag_indent);
}

std::string section_text(const FlagSet& flags, Section section, std::string_view title) {
  std::string text;
  for (const DescribedFlag& flag : described_flags(flags, section)) text += flag_text(flag);
  return text.empty() ? text : "\n" + std::string(title) + ":\n" + text;
}

// Name and summary of each command below `path`, in two columns.
std::string command_list(const CommandTable& commands, const std::vector<std::string>& path) {
  std::vector<std::pair<std::string, std::string>> rows;
  std::size_t column = 0;
  for (const DescribedCommand& command : commands_below(commands, path)) {
    rows.emplace_back("  " + spoken(command.path).substr(std::string_view("cosign ").size()),
                      command.summary);
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
  text += section_text(flags, Section::compatibility, compatibility_title);
  return text + section_text(flags, Section::global, "Global flags");
}

std::string group_help(const CommandTable& commands, const std::vector<std::string>& path,
                       const FlagSet& flags) {
  std::string text;
  if (path.empty()) text += wrapped(program_summary, "", 0) + "\n";
  text += "Usage:\n  " + spoken(path) + " COMMAND [flags]\n\nCommands:\n" + command_list(commands, path);
  text += section_text(flags, Section::global, "Global flags") + "\n";
  text += wrapped(
      "\"cosign COMMAND --help\" tells all about a command. A flag that is not on the command line is taken "
      "from its variable, which stands in brackets.",
      "", 0);
  if (path.empty()) text += std::string(independence) + "\n";
  return text;
}

}  // namespace cosign
