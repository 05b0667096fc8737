// Why a case of a table is refused. For the tests of this room.
#pragma once

#include <ostream>
#include <string>

#include "sigstore/base/result.h"

namespace sigstore::verify {

// The check that refuses ("parse": it is no bundle), and its code.
struct Refusal {
  std::string check;
  Code code;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};
inline void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.check << "/" << name(refusal.code);
}

}  // namespace sigstore::verify
