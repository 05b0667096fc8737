// Questions to the person at the terminal: prompts on stderr, answers from stdin, as the original does.
#pragma once

#include <mutex>
#include <string>

#include "cosign/ui/input.h"
#include "cosign/ui/output.h"
#include "sigstore/base/env.h"

namespace cosign::ui {

// `input` and `err` outlive it. One question at a time: a second thread waits.
//
// A password that is piped is all of stdin, as it is, line break included (whoever uses it knows what a line
// break at its end means), and answers once. A question is answered by one line, also from a pipe (`yes |
// cosign …`).
class TerminalPrompter final : public sigstore::Prompter {
 public:
  TerminalPrompter(Input& input, Output& err) : input_(input), err_(err) {}
  // Code::mismatch when the two are not the same.
  sigstore::Result<sigstore::Secret> password(const std::string& prompt, bool confirm,
                                              const std::string& flag) override;
  sigstore::Result<std::string> line(const std::string& prompt, const std::string& flag) override;
  // Code::invalid_argument for an answer that is neither yes nor no.
  sigstore::Result<void> confirm(const std::string& question, const std::string& flag) override;

 private:
  sigstore::Result<sigstore::Secret> ask(const std::string& prompt, const std::string& flag);
  sigstore::Result<sigstore::Secret> piped(const std::string& prompt, const std::string& flag);

  Input& input_;
  Output& err_;
  bool piped_read_ = false;
  std::mutex mutex_;
};

}  // namespace cosign::ui
