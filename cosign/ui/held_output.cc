#include "cosign/ui/held_output.h"

#include <utility>

namespace cosign::ui {

sigstore::Result<void> HeldOutput::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (!asking_) return real_.write(text);
  waiting_ += text;
  return {};
}

sigstore::Result<void> HeldOutput::ask(std::string_view question) {
  const std::lock_guard lock(mutex_);
  asking_ = true;
  return real_.write(question);
}

void HeldOutput::answered() {
  const std::lock_guard lock(mutex_);
  asking_ = false;
  if (!waiting_.empty()) (void)real_.write(std::exchange(waiting_, {}));
}

}  // namespace cosign::ui
