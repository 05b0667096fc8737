// A part of a sorted list: what comes after `last`, at most `limit`.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace server::registry {

struct Page {
  std::string last{};
  std::size_t limit = std::numeric_limits<std::int64_t>::max();
};

}  // namespace server::registry
