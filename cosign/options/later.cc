#include "cosign/options/later.h"

namespace cosign {

void LaterFlags::declare(FlagSet& flags, Effect effect, const std::string& name,
                         const std::string& value_name, const std::string& help, std::string hint) {
  Entry& entry = entries_.emplace_back(Entry{name, effect, std::move(hint), false, {}});
  Flag& flag = value_name.empty() ? flags.boolean(name, &entry.on, help)
                                  : flags.list(name, &entry.values, value_name, help);
  flag.section = Section::compatibility;
}

sigstore::Result<void> LaterFlags::refuse() const {
  for (const Entry& entry : entries_) {
    const bool asked = entry.on || (!entry.values.empty() && !entry.values.back().empty());
    if (entry.effect == Effect::refused && asked)
      return sigstore::fail(sigstore::Code::unsupported,
                            "--" + entry.name + " is not supported by this version",
                            "leaving it out silently would change what is signed or checked", entry.hint);
  }
  return {};
}

}  // namespace cosign
