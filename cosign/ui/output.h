// Where text goes. Thread-safe: one call is never torn by another.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace cosign::ui {

class Output {
 public:
  virtual ~Output() = default;
  // All of it, or an error (disk_full, io). Nothing is kept back in a buffer.
  virtual sigstore::Result<void> write(std::string_view text) = 0;
  // A question, at once; until answered() others' text may be kept back, so that the two do not mix.
  virtual sigstore::Result<void> ask(std::string_view question) { return write(question); }
  virtual void answered() {}
  [[nodiscard]] virtual bool terminal() const { return false; }
  [[nodiscard]] virtual bool colour() const { return false; }  // a terminal, and NO_COLOR is not set
};

// For tests: what was written.
class StringOutput : public Output {
 public:
  explicit StringOutput(bool terminal = false) : terminal_(terminal) {}
  sigstore::Result<void> write(std::string_view more) override {
    text.append(more);
    return {};
  }
  [[nodiscard]] bool terminal() const override { return terminal_; }
  std::string text;

 private:
  bool terminal_;
};

}  // namespace cosign::ui
