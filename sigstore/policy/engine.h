// Rules of the user's own about what an attestation says, beyond who made it: `--policy`. An engine is a
// folder each (rego/, cue/), found by leaves(). A rule judges one statement at a time.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"

namespace sigstore::policy {

// What a policy found wrong with a statement. At most limits::policy_messages of one evaluation are kept.
struct Violation {
  std::string file;      // the policy, as it was named; empty where it is not known
  std::size_t line = 0;  // in it, from 1; 0 where it is not known
  std::string message;   // one line
  // "FILE:LINE: message", without what is not known
  [[nodiscard]] std::string text() const {
    if (file.empty()) return message;
    return file + ":" + (line > 0 ? std::to_string(line) + ": " : " ") + message;
  }

  friend bool operator==(const Violation&, const Violation&) = default;
};

struct Decision {
  bool allowed = false;
  std::vector<Violation> violations;  // empty when it is allowed

  friend bool operator==(const Decision&, const Decision&) = default;
};

// Policies that were read, ready to judge any number of statements, from several threads at once.
class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;                  // "Rego", "CUE"
  [[nodiscard]] virtual const std::vector<std::string>& files() const = 0;  // as they were named
  // `statement`: the in-toto statement's JSON text; its numbers count exactly as they are written.
  // Errors, which say nothing about the statement: Code::malformed, the policy is broken ("FILE:LINE: …");
  // timeout after limits::policy_time; too_large above limits::policy_memory_bytes; not_found, a program that
  // the engine needs is not installed; unsupported, this build has no such engine.
  [[nodiscard]] virtual Result<Decision> evaluate(std::string_view statement) const = 0;
};

struct Source {
  std::string path;
  std::string text;
};

// One kind of engine.
class Kind {
 public:
  virtual ~Kind() = default;
  [[nodiscard]] virtual std::string_view suffix() const = 0;  // of its files, ".rego"
  // All files of one command line together. Code::malformed for a policy that is broken where that shows
  // without a statement. `env` must outlive the engine.
  [[nodiscard]] virtual Result<std::unique_ptr<Engine>> open(const Env& env,
                                                             std::vector<Source> sources) const = 0;
};

// All kinds of this build. Generated table.
const std::vector<std::unique_ptr<Kind>>& kinds();

using Engines = std::vector<std::unique_ptr<Engine>>;

// Reads the files and opens one engine for those of a kind, in the order of kinds(). Code::invalid_argument
// `invalid policy format, expected .cue or .rego` for another suffix, before any file is read; too_large
// above limits::policy_files or limits::policy_bytes; else an error of reading or of Kind::open.
Result<Engines> open(const Env& env, const std::vector<std::string>& paths);
// The same with kinds of the caller's.
Result<Engines> open(const Env& env, const std::vector<std::string>& paths,
                     std::span<const std::unique_ptr<Kind>> of);

// Allowed when every engine allows it; the violations of all, else. No engine allows everything.
Result<Decision> evaluate(std::span<const std::unique_ptr<Engine>> engines, std::string_view statement);

}  // namespace sigstore::policy
