#include "server/registry/play/quirk.h"

#include <algorithm>
#include <iterator>

#include "server/registry/play/groups.h"

namespace server::registry::play {
namespace {

std::vector<Quirk> all_groups() {
  std::vector<Quirk> all;
  for (auto group : {absent_quirks, referrers_quirks, tags_quirks, refusing_quirks, busy_quirks, forms_quirks,
                     elsewhere_quirks})
    std::ranges::copy(group(), std::back_inserter(all));
  return all;
}

sigstore::Error unknown(const std::string& name) {
  std::string names;
  for (const Quirk& quirk : quirks()) names.append(names.empty() ? "" : ", ").append(quirk.name);
  return {sigstore::Code::invalid_argument, "no quirk is called " + name, "must be one of " + names, {}};
}

}  // namespace

const std::vector<Quirk>& quirks() {
  static const std::vector<Quirk> all = all_groups();
  return all;
}

sigstore::Result<std::vector<const Quirk*>> find_quirks(std::span<const std::string> names) {
  std::vector<const Quirk*> found;
  for (const std::string& name : names) {
    const auto quirk = std::ranges::find(quirks(), name, &Quirk::name);
    if (quirk == quirks().end()) return std::unexpected(unknown(name));
    if (std::ranges::find(found, &*quirk) == found.end()) found.push_back(&*quirk);
  }
  return found;
}

host::Role play(host::Role role, std::span<const Quirk* const> played, const Stage& stage, bool at_the_door) {
  for (const Quirk* quirk : played)
    if (quirk->at_the_door == at_the_door) role = quirk->around(std::move(role), stage);
  return role;
}

}  // namespace server::registry::play
