// A tar file, one entry after the other, as hostile as any: bounded, and whatever it says more than once, or
// in a way that is not taken here, is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "sigstore/base/cancel.h"
#include "sigstore/base/env.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/tar.h"

namespace sigstore::codec::tar {

struct ReaderOptions {
  std::string name;  // the file's, for messages
  std::size_t max_files = limits::archive_entries;
  std::string wrong_hint;       // what to try where it is no tar file
  std::string compressed_hint;  // and where it is a compressed one
  const Cancel* cancel = nullptr;
  Paths paths = Paths::refused;  // pax headers that name the regular file after them
};

// `from` stands at the tar file's start, and outlives it.
class Reader {
 public:
  Reader(FileReader& from, ReaderOptions options) : from_(from), options_(std::move(options)) {}

  // The next file or folder; nullopt at the end. What was not read of the one before is passed over, and pax
  // headers are. Code::malformed (no tar file, or one that is cut short), unsupported (compressed; an entry
  // or pax header of a kind that is not taken), too_large (files, or pax headers), cancelled. Paths are of at
  // most limits::archive_path_bytes (of a pax header: long_path_bytes), and may be anything else: "../x".
  Result<std::optional<Header>> next();
  // Fills `out` with what comes next of the entry's content, which holds as much.
  Result<void> read(std::span<std::uint8_t> out);
  // Where in the file the next byte is.
  [[nodiscard]] std::uint64_t at() const { return at_; }

 private:
  Result<void> fill(std::span<std::uint8_t> out);
  Result<void> pass_over(std::uint64_t bytes);
  Result<void> extended(const Header& header);
  [[nodiscard]] std::unexpected<Error> cut_short() const;

  FileReader& from_;
  ReaderOptions options_;
  std::uint64_t at_ = 0, left_ = 0, padding_ = 0;
  std::size_t files_ = 0, extended_ = 0;
  std::optional<std::string> long_path_;  // of the next entry
};

}  // namespace sigstore::codec::tar
