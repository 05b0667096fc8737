#include "cosign/options/predicate_type.h"

#include "sigstore/payload/predicate_type.h"

namespace cosign {

Flag& declare_type(FlagSet& flags, std::string* target, std::string help) {
  Flag& flag = flags.text("type", target, "TYPE", std::move(help));
  for (const auto& name : sigstore::payload::predicate_names()) flag.suggestions.emplace_back(name.name);
  return flag;
}

}  // namespace cosign
