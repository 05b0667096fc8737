// The password of a key that exists: from a variable, a pipe or the terminal, and what is said when it is
// wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"

namespace sigstore::keys::internal {

// Without one line break at its end, as `echo password |` leaves it.
std::string_view without_line_break(std::string_view text);

// Set but empty is a password.
std::optional<Secret> password_in(const Env& env, const std::string& variable);
// Of the person or pipe; the hint names `variable`.
Result<Secret> ask_password(const Env& env, const std::string& prompt, bool confirm,
                            const std::string& variable);

// What the user may have meant: a line break at the end belongs to the password (the original keeps it, so a
// key made by `echo password | cosign generate-key-pair` has it) or does not.
class Password {
 public:
  static Result<Password> of(const Env& env, const std::string& variable, const std::string& prompt);

  // The first reading that opens; else the error of the last, with where the password came from, since the
  // usual mistake is a variable that one has forgotten. Anything but Code::wrong_password ends it at once.
  template <typename Open>
  auto try_with(Open open) const -> decltype(open(std::declval<const Secret&>())) {
    for (std::size_t i = 0; i + 1 < readings_.size(); ++i) {
      auto opened = open(readings_[i]);
      if (opened || opened.error().code != Code::wrong_password) return opened;
    }
    auto opened = open(readings_.back());
    if (!opened) return fail(explain(std::move(opened).error()));
    return opened;
  }

 private:
  [[nodiscard]] Error explain(Error error) const;

  std::string variable_;
  bool was_variable_ = false;
  std::vector<Secret> readings_;  // at least one
};

}  // namespace sigstore::keys::internal
