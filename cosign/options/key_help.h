// How the flags that take a key speak of it: one wording for all of them. docs/keys.md has the whole.
#pragma once

#include <string>
#include <string_view>

namespace cosign {

// "WHAT: a file, …": everything that a key may be named by.
inline std::string key_help(std::string_view what) {
  return std::string(what) +
         ": a file, env://NAME, pkcs11:URI, hashivault://KEY, openbao://KEY, k8s://NAMESPACE/NAME, "
         "gitlab://PROJECT, or in the words of a plugin, as awskms://KEY (docs/keys.md)";
}

}  // namespace cosign
