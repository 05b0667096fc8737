// ROOT/journal: every change of a registry, one line each, on the disk before it is acknowledged or visible.
// What is only in it can be found again by reading it; the index (index.h) is made from it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "server/registry/journal_line.h"
#include "sigstore/base/env.h"

namespace server::registry {

// One line as it stands in the file, good or bad.
struct JournalPiece {
  std::uint64_t begin = 0, end = 0;  // bytes of the file, its line break included
  sigstore::Result<JournalLine> line;
};

// The lines from `from` on, which is where one begins. Memory stays bounded, whatever the file holds.
class JournalReader {
 public:
  static sigstore::Result<JournalReader> open(sigstore::Files& files, const std::string& path,
                                              std::uint64_t from = 0);
  // nullopt at the end of the file. Errors are those of reading it; bad lines are pieces.
  sigstore::Result<std::optional<JournalPiece>> next();

 private:
  explicit JournalReader(std::unique_ptr<sigstore::FileReader> file, std::uint64_t at)
      : file_(std::move(file)), at_(at) {}
  sigstore::Result<bool> fill();
  JournalPiece take(std::size_t size, bool complete);

  std::unique_ptr<sigstore::FileReader> file_;
  std::uint64_t at_;  // of the first byte of buffer_
  std::string buffer_;
};

std::string new_journal_id(sigstore::Random& random);
// The id in its first line. Code::not_found: there is no journal; malformed: it does not begin with one.
sigstore::Result<std::string> journal_id(sigstore::Files& files, const std::string& path);

// Calls `visit` for each change from `from` on that counts, with where its line ends, and returns where the
// journal ends. Lines at the very end that were never acknowledged, torn by a power cut or kill -9, do not
// count. Code::malformed when a line is bad that was on the disk once.
using VisitChange = std::function<sigstore::Result<void>(const Change& change, std::uint64_t end)>;
sigstore::Result<std::uint64_t> replay(sigstore::Files& files, const std::string& path, std::uint64_t from,
                                       const VisitChange& visit);

// For the one that writes. One thread at a time.
class Journal {
 public:
  // A new one, with a header; it appears whole or not at all. Returns its id.
  static sigstore::Result<std::string> create(sigstore::Files& files, sigstore::Random& random,
                                              const std::string& path);
  // All that is in it is on the disk. Whoever was killed may have left lines in the memory of the kernel
  // alone.
  static sigstore::Result<void> sync(sigstore::Files& files, const std::string& path);
  // What is behind `end` is cut off.
  static sigstore::Result<Journal> open(sigstore::Files& files, const std::string& path, std::uint64_t end);

  // All of them on the disk, or none. Code::too_large and invalid_argument as write_line().
  sigstore::Result<void> append(std::span<const Change> changes);
  // Takes back what the last append() wrote: something else failed, and nobody was told yet.
  sigstore::Result<void> take_back();
  [[nodiscard]] std::uint64_t end() const { return file_->size(); }

 private:
  explicit Journal(std::unique_ptr<sigstore::AppendFile> file) : file_(std::move(file)) {}

  std::unique_ptr<sigstore::AppendFile> file_;
  std::uint64_t before_ = 0;  // the size before the last append()
};

}  // namespace server::registry
