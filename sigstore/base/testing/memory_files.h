// Files in memory, with faults on demand. Paths are compared as text, after following links and without a
// trailing slash or a leading "./".
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "sigstore/base/env.h"

namespace sigstore::fakes {

class MemoryFiles final : public Files {
 public:
  struct Entry {
    std::string text;
    unsigned mode = 0644;
  };

  Result<std::string> read(const std::string& path, std::size_t max) override;
  Result<std::unique_ptr<FileReader>> open(const std::string& path) override;
  bool exists(const std::string& path) override;
  bool is_directory(const std::string& path) override;
  Result<std::uint64_t> size(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<void> make_directories(const std::string& path, unsigned mode = 0755) override;
  // Code::not_found when the folder was not made.
  Result<std::unique_ptr<AtomicFile>> create(const std::string& path, unsigned mode) override;
  Result<void> remove(const std::string& path) override;
  Result<std::unique_ptr<AppendFile>> append(const std::string& path, unsigned mode) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  // Of all files, unless set_modified() said otherwise.
  Result<Time> modified(const std::string& path) override;

  // --- for the test
  void put(const std::string& path, std::string text, unsigned mode = 0644);  // makes the folders too
  void link(const std::string& path, const std::string& target);              // a symbolic link
  [[nodiscard]] std::optional<Entry> get(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> paths() const;  // of all files, sorted
  // The n-th operation from now on (1: the next) fails with `code`, once; the others work. Operations are
  // read, open, size, list, make_directories, create, write, each commit, remove, append, sync, cut and
  // rename. A write of an AtomicFile that fails has written half of its chunk, as a full disk does.
  void fail_at(int n, Code code = Code::io);
  // From now on, every write, append and commit under this path fails.
  void fail_path(const std::string& path, Code code);
  [[nodiscard]] int operations() const;  // so far
  void set_modified(const std::string& path, Time time);

 private:
  friend class MemoryAtomicFile;
  friend class MemoryAppendFile;
  friend class MemoryFileLock;
  Result<void> step(const std::string& operation, const std::string& path);
  Result<void> store(const std::string& path, const std::string& text, unsigned mode, bool only_new);
  [[nodiscard]] std::string resolve(std::string path) const;
  void add_folders(const std::string& path);

  mutable std::mutex mutex_;
  std::map<std::string, Entry> files_;
  std::map<std::string, std::string> links_;
  std::set<std::string> folders_ = {".", "/"};
  std::map<std::string, Code> broken_;
  std::map<std::string, Time> modified_;
  std::set<std::string> locks_;
  int operations_ = 0;
  int fail_at_ = 0;
  Code fail_code_ = Code::io;
};

}  // namespace sigstore::fakes
