// The outside world, injected: clock, randomness, files, variables, processes and the person at the terminal.
// The library never touches these directly. base/system gives the real ones (built by cosign/session only),
// base/testing gives fakes. All implementations must be usable from several threads at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"

namespace sigstore {

using Time = std::chrono::system_clock::time_point;
using Duration = std::chrono::nanoseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual std::chrono::steady_clock::time_point steady() const = 0;
  // Returns early with Code::cancelled when the run is interrupted.
  virtual Result<void> sleep(Duration duration) = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;  // cryptographically strong
};

class FileReader {
 public:
  virtual ~FileReader() = default;
  // Fills `out` from the start; returns the bytes read, 0 at the end.
  virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
  // Leaves out the next `bytes`, or all that is left. By default they are read and dropped.
  virtual Result<void> skip(std::uint64_t bytes);
};

// A file that is being replaced. Nothing is visible under its name before commit(); without commit() the
// temporary is removed when the object dies.
class AtomicFile {
 public:
  virtual ~AtomicFile() = default;
  virtual Result<void> write(BytesView chunk) = 0;
  // What was written so far, from the start. Code::unsupported where that cannot be.
  virtual Result<std::unique_ptr<FileReader>> read_back();
  // fsync, rename over the name, fsync of the folder.
  virtual Result<void> commit() = 0;
  // As commit(), but fails with Code::conflict when the name exists.
  virtual Result<void> commit_new() = 0;
  // As commit(), but under another name on the same file system. Code::unsupported where that cannot be.
  virtual Result<void> commit_as(const std::string& path);
};

// A file that grows at its end. For one thread at a time, and one writer.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // All of it, or the size stays as it was.
  virtual Result<void> append(BytesView bytes) = 0;
  // All that was appended is on the disk. After an error nobody knows: cut() what was not there before.
  virtual Result<void> sync() = 0;
  virtual Result<void> cut(std::uint64_t size) = 0;
};

// Held until this object dies, or its process.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class Files {
 public:
  virtual ~Files() = default;
  // Code::not_found when there is none; Code::too_large above `max`.
  virtual Result<std::string> read(const std::string& path, std::size_t max) = 0;
  virtual Result<std::unique_ptr<FileReader>> open(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;  // anything of that name, also a dangling link
  virtual bool is_directory(const std::string& path) = 0;
  // Bytes of a file; Code::not_found when there is none. By default it is read and counted.
  virtual Result<std::uint64_t> size(const std::string& path);
  // Names in a folder, sorted, without "." and "..".
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
  // Like mkdir -p; the names of those that it made are on the disk.
  virtual Result<void> make_directories(const std::string& path, unsigned mode = 0755) = 0;
  // A symbolic link at `path` is followed, so that the link survives. `mode` is the final mode.
  virtual Result<std::unique_ptr<AtomicFile>> create(const std::string& path, unsigned mode) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  // Code::unsupported by default, as all below. The file is made, and its name is on the disk.
  virtual Result<std::unique_ptr<AppendFile>> append(const std::string& path, unsigned mode);
  // A file, made when it is not there, or a folder. Code::conflict while somebody else holds it, in this
  // process or another.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path);
  // Replaces what is at `to`; both names are on the disk then.
  virtual Result<void> rename(const std::string& from, const std::string& to);
  virtual Result<Time> modified(const std::string& path);  // when its content was written

  // create + write + commit.
  Result<void> write_atomic(const std::string& path, std::string_view text, unsigned mode);
};

class Variables {
 public:
  virtual ~Variables() = default;
  virtual std::optional<std::string> get(const std::string& name) const = 0;  // set but empty is a value
};

struct ProcessOutput {
  int exit_code = 0;
  std::string out;
  std::string err;
};

class Processes {
 public:
  virtual ~Processes() = default;
  // Runs argv[0] (looked up on PATH), writes `input`, collects at most `max_output` bytes of each stream, and
  // kills the process after `timeout`. Code::not_found when there is no such program.
  virtual Result<ProcessOutput> run(const std::vector<std::string>& argv, std::string_view input,
                                    Duration timeout, std::size_t max_output) = 0;
  // The same, for one that speaks to the person: its stderr is ours, and ProcessOutput::err stays empty.
  virtual Result<ProcessOutput> run_speaking(const std::vector<std::string>& argv, std::string_view input,
                                             Duration timeout, std::size_t max_output) = 0;
};

// The person (or pipe) at the other end.
class Prompter {
 public:
  virtual ~Prompter() = default;
  // Asks without echo; `confirm` asks twice. Not a terminal: reads a password piped to stdin, once.
  // Code::declined with a hint naming `flag` when nobody can answer.
  virtual Result<Secret> password(const std::string& prompt, bool confirm, const std::string& flag) = 0;
  // Asks for one line that is shown as it is typed. Code::declined with a hint naming `flag` when nobody can
  // answer.
  virtual Result<std::string> line(const std::string& prompt, const std::string& flag) = 0;
  // A yes/no question, default no. Code::declined for no, and for a stdin that is no terminal (the hint
  // names `flag`, which answers it).
  virtual Result<void> confirm(const std::string& question, const std::string& flag) = 0;
};

// A non-owning bundle of the above; cheap to copy. The owner outlives every user.
struct Env {
  Clock* clock = nullptr;
  Random* random = nullptr;
  Files* files = nullptr;
  Variables* variables = nullptr;
  Processes* processes = nullptr;
  Prompter* prompter = nullptr;
};

}  // namespace sigstore
