// The headers of a tar file (POSIX.1-1988 ustar), as far as an archive of an OCI image layout needs them:
// regular files and folders. Whatever else a tar file can hold is refused.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::store::tar {

inline constexpr std::size_t block = 512;
using Block = std::array<std::uint8_t, block>;

struct Header {
  std::string path;  // without "./" at its begin and "/" at its end
  std::uint64_t size = 0;
  bool folder = false;
};

// Bytes up to the next block.
inline std::uint64_t padding(std::uint64_t size) {
  return (block - size % block) % block;
}
bool is_end(const Block& bytes);  // all zero
// Code::malformed for a wrong checksum or number; unsupported for links, devices, and other kinds of entries.
Result<Header> parse(const Block& bytes);
// Of a regular file, the same in every run. Code::unsupported for a path of more than 100 bytes.
Result<Block> write(const Header& header);

}  // namespace sigstore::store::tar
