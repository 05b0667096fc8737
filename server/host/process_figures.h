// What this process takes of the machine, as Linux tells it.
#pragma once

#include <cstdint>

namespace server::host {

struct ProcessFigures {
  std::uint64_t resident_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t most_descriptors = 0;
  double processor_seconds = 0;

  static ProcessFigures now();  // what cannot be read is 0
};

}  // namespace server::host
