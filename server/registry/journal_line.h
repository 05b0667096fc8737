// One line of the journal: a checksum, a space, and a JSON object. The checksum (16 hex digits of the
// object's SHA-256) tells a line that was torn by a power cut, or has rotted, from one that was written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "server/registry/change.h"

namespace server::registry {

// The first line: which journal this is.
struct JournalHeader {
  std::string id;
  std::string replaces{};  // the id of the one that this says anew; may be empty
  friend bool operator==(const JournalHeader&, const JournalHeader&) = default;
};
// Says nothing but that all before it is on the disk.
struct JournalMark {
  friend bool operator==(const JournalMark&, const JournalMark&) = default;
};

struct JournalLine {
  // Where the lines begin that were written together with this one: all before that was on the disk, and
  // acknowledged, when this line was written.
  std::uint64_t group = 0;
  std::variant<JournalHeader, JournalMark, Change> content;
  friend bool operator==(const JournalLine&, const JournalLine&) = default;
};

// With its line break. Code::too_large, or invalid_argument, for what parse_line() would not take: what could
// not be read again must not be acknowledged.
sigstore::Result<std::string> write_line(const JournalLine& line);
// Without the line break. Code::malformed.
sigstore::Result<JournalLine> parse_line(std::string_view text);

}  // namespace server::registry
