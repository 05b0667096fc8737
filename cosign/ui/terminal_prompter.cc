#include "cosign/ui/terminal_prompter.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"

namespace cosign::ui {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::Secret;

namespace {

constexpr std::size_t answer_bytes = 1024;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// "Enter password for private key: " -> "Enter password for private key"
std::string subject(std::string_view prompt) {
  const auto end = prompt.find_last_not_of(": ");
  return std::string(prompt.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

// From the question to its answer.
class Asking {
 public:
  explicit Asking(Output& err) : err_(err) {}
  ~Asking() { err_.answered(); }
  Asking(const Asking&) = delete;

 private:
  Output& err_;
};

// What is asked for, in a word.
std::string wanted(std::string_view prompt) {
  return prompt.starts_with("Enter PIN ") ? "PIN" : "password";
}

std::string how_to_answer(const std::string& flag) {
  return flag.starts_with('-') ? "add " + flag : "set " + flag;
}

std::unexpected<sigstore::Error> nobody(const std::string& question, const std::string& flag,
                                        const std::string& hint) {
  return fail(Code::declined, "nobody answered \"" + question + "\"",
              "standard input is no terminal and is at its end", how_to_answer(flag) + hint);
}

}  // namespace

Result<Secret> TerminalPrompter::piped(const std::string& prompt, const std::string& flag) {
  const std::string hint =
      flag.starts_with('-') ? "" : ", or pipe the " + wanted(prompt) + " to standard input";
  if (piped_read_) return nobody(subject(prompt), flag, "");
  piped_read_ = true;
  TRY(Secret password, input_.read_all(sigstore::limits::password_bytes));
  if (password.empty()) return nobody(subject(prompt), flag, hint);
  return password;
}

Result<Secret> TerminalPrompter::ask(const std::string& prompt, const std::string& flag) {
  const Asking asking(err_);
  auto line = input_.read_hidden_line(sigstore::limits::password_bytes,
                                      [&] { return err_.ask(sigstore::codec::printable(prompt)); });
  TRY_OK(err_.ask("\n"));  // the one that was typed was not shown
  if (!line) return fail(std::move(line).error());
  if (!*line) return fail(Code::declined, "no " + wanted(prompt) + " was given", "", how_to_answer(flag));
  return std::move(**line);
}

Result<Secret> TerminalPrompter::password(const std::string& prompt, bool confirm, const std::string& flag) {
  const std::lock_guard lock(mutex_);
  if (!input_.terminal()) return piped(prompt, flag);
  TRY(Secret first, ask(prompt, flag));
  if (!confirm) return first;
  TRY(const Secret again, ask(subject(prompt) + " again: ", flag));
  if (first.reveal() != again.reveal()) return fail(Code::mismatch, "the passwords do not match");
  return first;
}

Result<std::string> TerminalPrompter::line(const std::string& prompt, const std::string& flag) {
  const std::lock_guard lock(mutex_);
  const Asking asking(err_);
  TRY_OK(err_.ask(sigstore::codec::printable(prompt)));
  auto line = input_.read_line(answer_bytes);
  if (!line || !*line || !input_.terminal()) TRY_OK(err_.ask("\n"));  // nobody typed one
  if (!line) return fail(std::move(line).error());
  if (!*line) return nobody(subject(prompt), flag, "");
  return trimmed((*line)->reveal());
}

Result<void> TerminalPrompter::confirm(const std::string& question, const std::string& flag) {
  const std::lock_guard lock(mutex_);
  const Asking asking(err_);
  TRY_OK(err_.ask(sigstore::codec::printable_lines(question) + " [y/N] "));
  auto line = input_.read_line(answer_bytes);
  if (!line || !*line || !input_.terminal()) TRY_OK(err_.ask("\n"));  // nobody typed one
  if (!line) return fail(std::move(line).error());
  if (!*line) return nobody(question, flag, "");
  const std::string answer = trimmed((*line)->reveal());
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  if (answer.empty() || answer == "n" || answer == "N" || answer == "no")
    return fail(Code::declined, "user declined the prompt", "", how_to_answer(flag) + " to answer yes");
  // What was read may be a password that was meant for a later question: it is not shown.
  return fail(Code::invalid_argument, "the answer to \"" + question + "\" must be y or n", "",
              how_to_answer(flag) + " to answer yes");
}

}  // namespace cosign::ui
