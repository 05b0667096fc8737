// One run of the program: the only place that builds the real environment, transport, registry, stores and
// keys from options. Everything is made on first use, so that a command pays only for what it touches.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cosign/args/command.h"
#include "cosign/options/global.h"
#include "cosign/options/registry.h"
#include "cosign/ui/output.h"
#include "sigstore/base/cancel.h"
#include "sigstore/base/env.h"
#include "sigstore/keys/provider.h"
#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"

namespace cosign {

// What a session stands on besides Env. All pointers outlive it.
struct SessionParts {
  ui::Output* out = nullptr;                                            // results
  ui::Output* err = nullptr;                                            // everything else
  std::function<sigstore::Result<std::string>(std::size_t max)> input;  // all of stdin; empty: stdin is empty
  std::function<sigstore::Result<std::size_t>(std::span<std::uint8_t>)> input_piece;  // the same, in pieces
  bool input_terminal = false;                      // somebody would have to type it
  sigstore::remote::Registry* registry = nullptr;   // nullptr: one over HTTP
  const CommandTable* commands = nullptr;           // nullptr: none
  std::function<sigstore::Result<void>()> publish;  // of `out`; empty: nothing to do
  sigstore::Cancel* cancel = nullptr;               // nullptr: never interrupted
  std::vector<std::string> variables;  // names of all variables that are set; their values come from Env
};

class Session {
 public:
  Session(const sigstore::Env& env, GlobalOptions options, SessionParts parts);
  ~Session();
  Session(const Session&) = delete;

  [[nodiscard]] const sigstore::Env& env() const;
  [[nodiscard]] const GlobalOptions& options() const;
  [[nodiscard]] const CommandTable& commands() const;
  [[nodiscard]] const sigstore::Cancel* cancel() const;  // set by SIGINT and SIGTERM; may be null
  [[nodiscard]] const std::vector<std::string>& set_variables() const;  // their names
  // For loops that ask nobody: Code::cancelled after an interrupt, Code::timeout after --timeout. Cheap.
  [[nodiscard]] sigstore::Result<void> may_go_on() const;
  // Ends whatever still waits for the outside, as an interrupt does, and all that begins later: for a run
  // that has failed already. What its command returns is what is said.
  void give_up();

  // Results go to stdout (or --output-file), everything else to stderr. Both are whole lines, thread-safe.
  // Results are bytes for programs; only on a terminal control characters become visible text. A failed write
  // (full disk, closed pipe) is kept and ends the run with exit code 1.
  void out(std::string_view text);                    // a missing last line break is added
  void out_exactly(std::string_view bytes);           // as it is: no line break is added
  void note(std::string_view line);                   // stderr; one line, made printable
  void notes(const std::vector<std::string>& lines);  // several, written together
  // How far a long run has come: on a terminal alone, in one line that the next replaces; empty: it is over.
  void progress(std::string_view line);
  // What is worth knowing besides, each as "note: …"; of many the first and last few, and how many more.
  void remarks(const std::vector<std::string>& remarks);
  // stderr: error:, cause:, try:. The same error of several images is said once; that the run was interrupted
  // the program itself says, at its end.
  void print(const sigstore::Error& error);
  // An error about `reference` as the person should read it: explain_tag(), and explain_registry() with a
  // registry that they are logged in to.
  [[nodiscard]] sigstore::Error explain(sigstore::Error error,
                                        const sigstore::oci::Reference& reference) const;
  // Shows under --output-file what was written so far. Else that is done at the end of a run that succeeds:
  // for runs that go on, and for failed ones whose results say so. Failing is an error of out().
  void publish();
  // The first error of out(), once all is written.
  sigstore::Result<void> finish();

  // All of stdin, at most `max` bytes (Code::too_large). Whoever comes second, here, by read_file() or by
  // take_input(), gets Code::invalid_argument: nothing is left of it.
  sigstore::Result<std::string> read_input(std::size_t max);
  [[nodiscard]] bool input_is_terminal() const;
  // All of stdin in pieces, for its one reader. Where it is no terminal nobody is asked a question after
  // this: the answer would be taken out of what is read.
  std::unique_ptr<sigstore::FileReader> take_input();
  // A file of the user's, or all of stdin for "-"; at most `max` bytes (Code::too_large).
  sigstore::Result<std::string> read_file(const std::string& path, std::size_t max);

  // What keys are opened with: `env()`, and the network for those that are kept by a service. As thread-safe
  // as the session.
  [[nodiscard]] sigstore::keys::Context keys();

  // The registry client for these options; made once, the first options win. Options that cannot work (a
  // missing --registry-cacert) are the error of the first request.
  sigstore::remote::Registry& registry(const RegistryFlags& flags);
  // After registry().
  sigstore::store::ArtifactStore& tag_store();          // `.sig`
  sigstore::store::ArtifactStore& attestation_store();  // `.att`
  sigstore::store::ArtifactStore& referrers_store();    // bundles
  [[nodiscard]] std::size_t max_attachment() const;     // COSIGN_MAX_ATTACHMENT_SIZE; after registry()
  // COSIGN_REPOSITORY; Code::malformed names the variable.
  sigstore::Result<std::optional<sigstore::oci::Repository>> signature_repository();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cosign
