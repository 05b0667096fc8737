// The headers of a tar file (POSIX.1-1988 ustar), as far as archives of image layouts and of TUF mirrors need
// them: regular files and folders. Extended headers (POSIX.1-2001 pax), as other programs add them for times
// and owners, are passed over, but for the long name of a file where a reader asks for those; whatever else a
// tar file can hold is refused.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::codec::tar {

inline constexpr std::size_t block = 512;
using Block = std::array<std::uint8_t, block>;

struct Header {
  std::string path;  // without "./" at its begin and "/" at its end
  std::uint64_t size = 0;
  bool folder = false;
  bool extended = false;  // a pax header: about the next entry, or about all that follow
  bool global = false;    // the latter
};

inline constexpr std::size_t long_path_bytes = 1024;  // the longest that a pax header may say

// Bytes up to the next block.
inline std::uint64_t padding(std::uint64_t size) {
  return (block - size % block) % block;
}
bool is_end(const Block& bytes);  // all zero
// Code::malformed for a wrong checksum or number; unsupported for links, devices, and other kinds of entries.
Result<Header> parse(const Block& bytes);
enum class Paths { refused, taken };
// The records of a pax header: what its entry is called, where it says so and that is taken; as it stands
// there, at most long_path_bytes, and with no NUL. Code::unsupported where one says how large it is, or what
// it is called and that is not taken, so that nothing is said twice; Code::malformed, too_large.
Result<std::optional<std::string>> parse_extended(std::string_view records, Paths paths);
// Of a regular file, the same in every run. Code::unsupported for a path that is too long: more than 100
// bytes behind the '/' that it can be split at, or 155 before it.
Result<Block> write(const Header& header);
// The same for a path of up to long_path_bytes: one that does not fit has a pax header before it.
Result<std::string> write_long(const Header& header);

}  // namespace sigstore::codec::tar
