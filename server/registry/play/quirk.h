// How registries of this world deviate from the specification, for tests of clients: each quirk is a role
// around a registry's role. One file per group of them (absent.cc, referrers.cc, …), each with its table.
#pragma once

#include <future>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/host/message.h"
#include "sigstore/base/result.h"

namespace server::registry::play {

// What the quirks of one run stand on.
struct Stage {
  host::Role registry;  // without any quirk: to look something up
  // Another listener of the same process at another address, e.g. "http://127.0.0.2:40312", that serves
  // elsewhere(). Empty unless a quirk needs_elsewhere().
  std::string elsewhere;
  std::string secret;  // what addresses at `elsewhere` are signed with
  // The registry behind its guard, once there is one: who gives out tokens.
  std::shared_future<host::Role> guarded{};
};

struct Quirk {
  std::string_view name;     // "no-head"
  std::string_view does;     // half a line of help
  std::string_view seen_at;  // registries that do so
  // Thread-safe as all roles are; what the result remembers is its own.
  host::Role (*around)(host::Role role, const Stage& stage);
  bool needs_elsewhere = false;
  bool at_the_door = false;  // stands before the guard, and means nothing without tokens
};

// All there are, in the order of help.
const std::vector<Quirk>& quirks();

// Those of these names, each once. Code::invalid_argument for an unknown one lists all.
sigstore::Result<std::vector<const Quirk*>> find_quirks(std::span<const std::string> names);

// Those that stand at the door, or those that do not. The first is the innermost.
host::Role play(host::Role role, std::span<const Quirk* const> played, const Stage& stage,
                bool at_the_door = false);

}  // namespace server::registry::play
