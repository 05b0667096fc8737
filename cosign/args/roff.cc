#include "cosign/args/roff.h"

#include <algorithm>

#include "cosign/args/command_line.h"
#include "cosign/args/description.h"
#include "cosign/args/markdown.h"

namespace cosign {
namespace {

using Path = std::vector<std::string>;

// Text of any kind: nothing in it is an instruction, and a hyphen is one that can be copied.
// `starts_line`: what is made from it stands at the start of a line.
std::string escaped(std::string_view text, bool starts_line = false) {
  std::string out;
  for (const char c : text) {
    if ((out.empty() ? starts_line : out.back() == '\n') && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string section(std::string_view title) {
  return ".SH \"" + escaped(upper(std::string(title))) + "\"\n";
}

// One line, its runs of spaces as one.
std::string flowing(std::string_view text) {
  std::string out;
  for (const Span& span : read_spans(text)) {
    std::string words;
    for (const char c : span.text)
      if (c != ' ' || !words.ends_with(' ')) words += c;
    if (!words.empty()) out += span.strong ? bold(words) : escaped(words, out.empty());
  }
  return out + "\n";
}

std::string literal(std::string_view lines) {
  std::string text = escaped(lines, true);
  while (text.ends_with('\n')) text.pop_back();
  return ".RS 4\n.nf\n" + text + "\n.fi\n.RE\n";
}

std::string mark_of(const Block& item) {
  return item.mark == "- " ? "\\(bu" : escaped(item.mark.substr(0, item.mark.size() - 1));
}

// Between paragraphs; below a heading there is none.
std::string paragraph(const std::string& out) {
  const auto line = out.rfind('\n', out.size() - 2) + 1;
  return out.compare(line, 3, ".SH") == 0 ? "" : ".PP\n";
}

// The blocks of a manual; a table is literal text.
std::string laid_out(std::string_view markdown) {
  std::string out = section("Description"), table;
  const auto end_table = [&] {
    if (!table.empty()) out += paragraph(out) + literal(table);
    table.clear();
  };
  for (const Block& block : read_markdown(markdown)) {
    if (block.kind == Block::Kind::row) {
      for (const Span& span : read_spans(block.text)) table += span.text;
      table += "\n";
      continue;
    }
    end_table();
    if (block.kind == Block::Kind::heading) out += section(block.text);
    if (block.kind == Block::Kind::code) out += paragraph(out) + literal(block.text);
    if (block.kind == Block::Kind::text) out += paragraph(out) + flowing(block.text);
    if (block.kind == Block::Kind::item) out += ".IP " + mark_of(block) + " 4\n" + flowing(block.text);
  }
  end_table();
  return out;
}

std::string flag_entry(const DescribedFlag& flag) {
  std::string head = flag.letter == 0 ? "" : bold("-" + std::string(1, flag.letter)) + ", ";
  for (const std::string& name : flag.names)
    head += (&name == flag.names.data() ? "" : ", ") + bold("--" + name);
  if (!flag.value_name.empty()) head += " \\fI" + escaped(flag.value_name) + "\\fR";
  return ".TP\n" + head + "\n" + flowing(flag.help);
}

std::string flag_section(const FlagSet& flags, Section which, std::string_view title) {
  std::string entries;
  for (const DescribedFlag& flag : described_flags(flags, which)) entries += flag_entry(flag);
  return entries.empty() ? "" : section(title) + entries;
}

std::string head(const Path& path, const std::string& summary, const PageEdition& edition) {
  const std::string name = page_name(path);
  return ".\\\" Made by `cosign man`.\n.TH \"" + escaped(upper(name)) + "\" 1 \"" + edition.date + "\" \"" +
         escaped(edition.release) + "\" \"cosign\"\n.nh\n.ad l\n" + section("Name") + escaped(name) +
         " \\- " + escaped(summary) + "\n";
}

// The other pages of the same group, and that of the program.
std::string see_also(const CommandTable& commands, const Path& path) {
  Path group = path;
  if (!group.empty()) group.pop_back();
  std::string text = path.empty() ? "" : bold("cosign") + "(1)";
  for (const DescribedCommand& other : commands_below(commands, group))
    if (!group.empty() && other.path != path) text += ", " + bold(page_name(other.path)) + "(1)";
  return text.empty() ? "" : section("See also") + text + "\n";
}

}  // namespace

std::string page_name(const Path& path) {
  std::string name = "cosign";
  for (const std::string& word : path) name += "-" + word;
  return name;
}

std::string command_page(const Command& command, const FlagSet& flags, const CommandTable& commands,
                         const PageEdition& edition) {
  const Path path = command.path();
  std::string page =
      head(path, command.summary(), edition) + section("Synopsis") + bold(spoken(path)) + " [\\fIflags\\fR]";
  if (!command.usage().empty()) page += " " + escaped(command.usage());
  page += "\n" + laid_out(command.manual());
  page += flag_section(flags, Section::normal, "Flags");
  page += flag_section(flags, Section::compatibility, compatibility_title);
  page += flag_section(flags, Section::global, "Global flags");
  return page + see_also(commands, path);
}

std::string group_page(const CommandTable& commands, const Path& path, const FlagSet& flags,
                       const PageEdition& edition) {
  const std::string summary = path.empty() ? "sign container images and verify their signatures"
                                           : "the commands below " + spoken(path);
  std::string page = head(path, summary, edition) + section("Synopsis") + bold(spoken(path)) +
                     " \\fICOMMAND\\fR [\\fIflags\\fR]\n";
  if (path.empty()) page += section("Description") + escaped(program_summary, true) + "\n";
  page += section("Commands");
  for (const DescribedCommand& command : commands_below(commands, path))
    page += ".TP\n" + bold(page_name(command.path)) + "(1)\n" + escaped(command.summary, true) + "\n";
  page += flag_section(flags, Section::global, "Global flags");
  page += section("Environment") +
          "A flag that is not on the command line is taken from its variable, which stands in brackets in "
          "the list of flags.\n";
  if (path.empty()) page += ".PP\n" + escaped(independence) + "\n";
  return page + see_also(commands, path);
}

}  // namespace cosign
