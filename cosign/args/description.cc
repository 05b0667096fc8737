#include "cosign/args/description.h"

#include <algorithm>

namespace cosign {
namespace {

using Path = std::vector<std::string>;

bool below(const Path& path, const Path& group) {
  return path.size() > group.size() && std::equal(group.begin(), group.end(), path.begin());
}

DescribedFlag describe(const Flag& flag) {
  DescribedFlag out{flag.letter, {flag.name}, flag.value_name, flag.help};
  for (const auto& [alias, full] : flag_aliases())
    if (full == flag.name) out.names.emplace_back(alias);
  if (!flag.default_text.empty()) out.help += " (default: " + flag.default_text + ")";
  if (!flag.variable.empty()) out.help += " [$" + flag.variable + "]";
  return out;
}

}  // namespace

std::vector<DescribedFlag> described_flags(const FlagSet& flags, Section section) {
  std::vector<DescribedFlag> described;
  for (const auto& flag : flags.all())
    if (flag->section == section && flags.find(flag->name) == flag.get())
      described.push_back(describe(*flag));
  if (section == Section::global) described.push_back({'h', {"help"}, "", "show this help"});
  return described;
}

std::vector<DescribedCommand> commands_below(const CommandTable& commands, const Path& group) {
  std::vector<DescribedCommand> found;
  for (const auto& command : commands)
    if (below(command->path(), group)) found.push_back({command->path(), command->summary()});
  return found;
}

std::vector<Path> groups_of(const CommandTable& commands) {
  std::vector<Path> groups;
  for (const auto& command : commands) {
    Path path = command->path();
    for (path.pop_back(); !path.empty(); path.pop_back())
      if (std::ranges::find(groups, path) == groups.end()) groups.push_back(path);
  }
  return groups;
}

std::string sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

}  // namespace cosign
