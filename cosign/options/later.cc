#include "cosign/options/later.h"

namespace cosign {
namespace {

std::string hint_for(const std::string& flag) {
  return flag == "sk" ? "name the key in the token by --key pkcs11:… (docs/pkcs11.md)" : "";
}

}  // namespace

void LaterFlags::declare(FlagSet& flags, Effect effect, const std::string& name,
                         const std::string& value_name, const std::string& help) {
  Entry& entry = entries_.emplace_back(Entry{name, effect, false, {}});
  Flag& flag = value_name.empty() ? flags.boolean(name, &entry.on, help)
                                  : flags.list(name, &entry.values, value_name, help);
  flag.section = Section::compatibility;
}

sigstore::Result<void> LaterFlags::refuse() const {
  for (const Entry& entry : entries_) {
    const bool asked = entry.on || (!entry.values.empty() && !entry.values.back().empty());
    if (entry.effect == Effect::refused && asked)
      return sigstore::fail(
          sigstore::Code::unsupported, "--" + entry.name + " is not supported by this version",
          "leaving it out silently would change what is signed or checked", hint_for(entry.name));
  }
  return {};
}

}  // namespace cosign
