// One run of the program: the only place that builds the real environment, transport, registry, stores and keys
// from options. Everything is made on first use, so that a command pays only for what it touches.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cosign/options/registry.h"
#include "sigstore/base/env.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"

namespace cosign {

struct GlobalOptions {
  std::string output_file;
  bool verbose = false;
  std::chrono::nanoseconds timeout = sigstore::limits::command_timeout;
};

class Session {
 public:
  Session(const sigstore::Env& env, GlobalOptions options);
  ~Session();
  Session(const Session&) = delete;

  [[nodiscard]] const sigstore::Env& env() const;
  [[nodiscard]] const GlobalOptions& options() const;

  // Results go to stdout (or --output-file), everything else to stderr. Both are whole lines, thread-safe.
  void out(std::string_view text);
  void note(std::string_view line);  // stderr
  void print(const sigstore::Error& error);  // stderr: error:, cause:, try:

  // The registry client for these options; made once, the first options win.
  sigstore::remote::Registry& registry(const RegistryFlags& flags);
  sigstore::store::ArtifactStore& tag_store();        // after registry()
  sigstore::store::ArtifactStore& referrers_store();  // after registry()
  // COSIGN_REPOSITORY; Code::malformed names the variable.
  sigstore::Result<std::optional<sigstore::oci::Repository>> signature_repository();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cosign
