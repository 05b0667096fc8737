// Flags as a command line gives them. For the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cosign/args/flag_set.h"

namespace cosign {

using Words = std::vector<std::pair<std::string, std::string>>;

template <typename Flags>
Flags flags_of(const Words& words) {
  Flags flags;
  FlagSet set;
  flags.declare(set);
  flags.declare_rest(set);
  for (const auto& [name, value] : words) EXPECT_TRUE(set.find(name)->set(value)) << name;
  return flags;
}

}  // namespace cosign
