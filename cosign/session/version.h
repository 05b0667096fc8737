// Which program this is. The numbers are in the CMakeLists.txt of the root alone.
#pragma once

#include <string>

namespace cosign {

struct Version {
  std::string compatible;  // "3.1.2": the level of Sigstore's cosign that this program keeps to
  std::string number;      // "0.1.0": ours
  std::string commit;      // of the sources, or "unknown"
  std::string tree_state;  // "clean", "dirty" or "unknown"
  std::string build_date;  // RFC 3339, UTC
  std::string compiler;    // "gcc 12.2.0"
  std::string platform;    // "linux/amd64"

  [[nodiscard]] std::string full() const { return "v" + compatible + "+cpp." + number; }
};

Version version();

// "cosign/v3.1.2+cpp.0.1.0 (linux; amd64) cosign-cpp/0.1.0", in the original's form.
std::string user_agent();

}  // namespace cosign
