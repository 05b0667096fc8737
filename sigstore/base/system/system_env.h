// The real outside world on Linux. Safe in a fully static program: nothing here asks the name service, the
// locale or the dynamic loader. The Prompter is the command line's.
#pragma once

#include "sigstore/base/cancel.h"
#include "sigstore/base/env.h"

namespace sigstore::system {

class SystemClock final : public Clock {
 public:
  explicit SystemClock(const Cancel* cancel = nullptr) : cancel_(cancel) {}
  Time now() const override;
  std::chrono::steady_clock::time_point steady() const override;
  Result<void> sleep(Duration duration) override;

 private:
  const Cancel* cancel_;
};

// The kernel's generator. A kernel without one ends the program: nothing safe can follow.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// Errors: Code::not_found for a missing file or folder, Code::forbidden for missing permission,
// Code::disk_full for no space or quota, Code::io for the rest; the cause is the system's text.
//
// create() writes a temporary of mode 0600 in the folder of the final name. A name in /dev or /proc, and any
// other existing file that is not regular (a pipe, a terminal), is written in place at commit().
class SystemFiles final : public Files {
 public:
  explicit SystemFiles(Random& random) : random_(random) {}
  Result<std::string> read(const std::string& path, std::size_t max) override;
  Result<std::unique_ptr<FileReader>> open(const std::string& path) override;
  bool exists(const std::string& path) override;
  bool is_directory(const std::string& path) override;
  Result<std::uint64_t> size(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<void> make_directories(const std::string& path, unsigned mode = 0755) override;
  Result<std::unique_ptr<AtomicFile>> create(const std::string& path, unsigned mode) override;
  Result<void> remove(const std::string& path) override;
  Result<std::unique_ptr<AppendFile>> append(const std::string& path, unsigned mode) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<Time> modified(const std::string& path) override;

 private:
  Random& random_;
};

class SystemVariables final : public Variables {
 public:
  std::optional<std::string> get(const std::string& name) const override;
  static std::vector<std::string> names();  // of all that are set, sorted
};

// The program inherits the environment and the terminal, and of the descriptors only its three streams.
// Relative folders on PATH are passed over; what is called cosign-… belongs to this program, and is looked
// for in its folder first. An output above the bound ends the program: Code::too_large. Killed by a signal:
// exit code 128 + its number.
class SystemProcesses final : public Processes {
 public:
  SystemProcesses(const Variables& variables, const Cancel* cancel)
      : variables_(variables), cancel_(cancel) {}
  Result<ProcessOutput> run(const std::vector<std::string>& argv, std::string_view input, Duration timeout,
                            std::size_t max_output) override;
  Result<ProcessOutput> run_speaking(const std::vector<std::string>& argv, std::string_view input,
                                     Duration timeout, std::size_t max_output) override;

 private:
  Result<ProcessOutput> converse(const std::vector<std::string>& argv, std::string_view input,
                                 Duration timeout, std::size_t max_output, bool speaking);

  const Variables& variables_;
  const Cancel* cancel_;
};

// All of them together. `cancel` and `prompter` outlive it and may be null.
class SystemEnv {
 public:
  explicit SystemEnv(const Cancel* cancel = nullptr, Prompter* prompter = nullptr);
  SystemEnv(const SystemEnv&) = delete;
  SystemEnv& operator=(const SystemEnv&) = delete;
  [[nodiscard]] const Env& env() const { return env_; }

 private:
  SystemClock clock_;
  SystemRandom random_;
  SystemFiles files_;
  SystemVariables variables_;
  SystemProcesses processes_;
  Env env_;
};

}  // namespace sigstore::system
