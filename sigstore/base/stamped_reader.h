// A reader of a file of this machine, for those who ask which file it is.
#pragma once

#include <cstdint>
#include <optional>

#include "sigstore/base/env.h"

namespace sigstore {

// Another one whenever somebody wrote to the file, or put another in its place.
struct FileStamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0, changed = 0;  // nanoseconds; nobody can set the second
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

class StampedReader : public FileReader {
 public:
  // Of the file as it is now; nullopt when the system does not tell.
  [[nodiscard]] virtual std::optional<FileStamp> stamp() const = 0;
};

}  // namespace sigstore
