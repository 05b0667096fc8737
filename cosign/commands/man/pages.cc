#include "cosign/commands/man/pages.h"

#include <algorithm>

#include "cosign/args/command_line.h"
#include "cosign/args/description.h"
#include "cosign/args/nearest.h"
#include "cosign/options/global.h"

namespace cosign {
namespace {

using Path = std::vector<std::string>;

std::string file_of(const Path& path) {
  return page_name(path) + ".1";
}

ManualPage page_of(Command& command, const CommandTable& commands, const PageEdition& edition) {
  GlobalOptions options;
  FlagSet flags;
  options.declare(flags);
  command.declare(flags);
  return {file_of(command.path()), command_page(command, flags, commands, edition)};
}

ManualPage page_of(const Path& group, const CommandTable& commands, const PageEdition& edition) {
  GlobalOptions options;
  FlagSet flags;
  options.declare(flags);
  return {file_of(group), group_page(commands, group, flags, edition)};
}

std::vector<std::string> names(const CommandTable& commands) {
  std::vector<std::string> all;
  for (const auto& command : commands)
    all.push_back(spoken(command->path()).substr(std::string_view("cosign ").size()));
  return all;
}

}  // namespace

sigstore::Result<ManualPage> manual_page(const CommandTable& commands, const Path& path,
                                         const PageEdition& edition) {
  for (const auto& command : commands)
    if (command->path() == path) return page_of(*command, commands, edition);
  const auto groups = groups_of(commands);
  if (path.empty() || std::ranges::find(groups, path) != groups.end())
    return page_of(path, commands, edition);
  const std::string typed = spoken(path).substr(std::string_view("cosign ").size());
  const std::string close = nearest(typed, names(commands));
  return sigstore::fail(sigstore::Code::invalid_argument, "there is no manual page for \"" + typed + "\"", {},
                        close.empty() ? "cosign man" : "did you mean cosign man " + close + "?");
}

std::vector<ManualPage> manual_pages(const CommandTable& commands, const PageEdition& edition) {
  std::vector<ManualPage> pages = {page_of(Path{}, commands, edition)};
  for (const Path& group : groups_of(commands))
    if (std::ranges::none_of(commands, [&](const auto& command) { return command->path() == group; }))
      pages.push_back(page_of(group, commands, edition));
  for (const auto& command : commands) pages.push_back(page_of(*command, commands, edition));
  return pages;
}

}  // namespace cosign
