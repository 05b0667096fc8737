// An output that keeps a question readable: what others write meanwhile comes after the answer.
#pragma once

#include <mutex>
#include <string>

#include "cosign/ui/output.h"

namespace cosign::ui {

// `real` outlives it.
class HeldOutput final : public Output {
 public:
  explicit HeldOutput(Output& real) : real_(real) {}
  // While a question stands, the text waits for its answer; then it is no error yet.
  sigstore::Result<void> write(std::string_view text) override;
  sigstore::Result<void> ask(std::string_view question) override;
  void answered() override;
  [[nodiscard]] bool terminal() const override { return real_.terminal(); }
  [[nodiscard]] bool colour() const override { return real_.colour(); }

 private:
  Output& real_;
  std::mutex mutex_;
  bool asking_ = false;
  std::string waiting_;
};

}  // namespace cosign::ui
