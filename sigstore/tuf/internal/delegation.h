// To whom a target's path is delegated (4.5; TAP 15). Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/tuf/metadata.h"

namespace sigstore::tuf::internal {

// Whether a path matches a pattern: part by part between slashes, of which there must be as many; in a part
// `*` is any text, `?` any character, `[a-z]` and `[!a-z]` one of a set, as fnmatch of Python has them.
bool path_matches(std::string_view path, std::string_view pattern);

struct Delegate {
  std::string name;
  const Role* role = nullptr;  // in the delegations
  bool terminating = false;
};

// Those that may know `path`, in the order to ask them. The last may be terminating: nobody after it is
// asked.
std::vector<Delegate> delegates_of(const Delegations& delegations, const std::string& path);

}  // namespace sigstore::tuf::internal
