// An Env of fakes, for unit tests of everything above base:
//
//   fakes::FakeEnv fake;
//   fake.files.put("cosign.pub", pem);
//   auto key = keys::open_public(fake.env(), "cosign.pub");
#pragma once

#include <deque>
#include <map>

#include "sigstore/base/testing/fake_clock.h"
#include "sigstore/base/testing/memory_files.h"

namespace sigstore::fakes {

// The same bytes in every run. Not random at all.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::mutex mutex_;
  std::uint64_t state_;
};

class MapVariables final : public Variables {
 public:
  std::optional<std::string> get(const std::string& name) const override;
  std::map<std::string, std::string> values;  // not to be changed while threads read
};

// Answers the calls in order. A call beyond the script is Code::not_found.
class ScriptedProcesses final : public Processes {
 public:
  struct Call {
    std::vector<std::string> argv;
    std::string input;
    bool speaking = false;
  };
  Result<ProcessOutput> run(const std::vector<std::string>& argv, std::string_view input, Duration timeout,
                            std::size_t max_output) override;
  Result<ProcessOutput> run_speaking(const std::vector<std::string>& argv, std::string_view input,
                                     Duration timeout, std::size_t max_output) override;
  void answer(Result<ProcessOutput> output);
  [[nodiscard]] std::vector<Call> calls() const;

 private:
  Result<ProcessOutput> next(Call call);

  mutable std::mutex mutex_;
  std::deque<Result<ProcessOutput>> answers_;
  std::vector<Call> calls_;
};

// Answers in order; with nothing left, Code::declined as when nobody is there.
class ScriptedPrompter final : public Prompter {
 public:
  Result<Secret> password(const std::string& prompt, bool confirm, const std::string& flag) override;
  Result<std::string> line(const std::string& prompt, const std::string& flag) override;
  Result<void> confirm(const std::string& question, const std::string& flag) override;
  void type(std::string password);  // or a line
  void choose(bool yes);
  // What was asked, in order: "password: PROMPT", "password twice: PROMPT", "line: PROMPT",
  // "confirm: QUESTION".
  [[nodiscard]] std::vector<std::string> asked() const;

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> passwords_;
  std::deque<bool> choices_;
  std::vector<std::string> asked_;
};

struct FakeEnv {
  FakeClock clock;
  SeededRandom random;
  MemoryFiles files;
  MapVariables variables;
  ScriptedProcesses processes;
  ScriptedPrompter prompter;
  [[nodiscard]] Env env() { return {&clock, &random, &files, &variables, &processes, &prompter}; }
};

}  // namespace sigstore::fakes
