#include "sigstore/keys/file/internal/password.h"

namespace sigstore::keys::internal {
namespace {

std::vector<Secret> readings_of(Secret password) {
  std::vector<Secret> all;
  const auto shorter = without_line_break(password.reveal());
  if (shorter.size() != password.size()) all.emplace_back(shorter);
  all.push_back(std::move(password));
  return all;
}

}  // namespace

std::string_view without_line_break(std::string_view text) {
  if (!text.ends_with('\n')) return text;
  text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::optional<Secret> password_in(const Env& env, const std::string& variable) {
  auto value = env.variables->get(variable);
  if (!value) return std::nullopt;
  Secret password{std::string_view(*value)};
  wipe(*value);
  return password;
}

Result<Secret> ask_password(const Env& env, const std::string& prompt, bool confirm,
                            const std::string& variable) {
  if (env.prompter == nullptr)
    return fail(Code::declined, "there is nobody to ask for a password", {}, "set " + variable);
  return env.prompter->password(prompt, confirm, variable);
}

Result<Password> Password::of(const Env& env, const std::string& variable, const std::string& prompt) {
  Password password;
  password.variable_ = variable;
  auto text = password_in(env, variable);
  password.was_variable_ = text.has_value();
  if (!text) {
    TRY(text, ask_password(env, prompt, false, variable));
  }
  password.readings_ = readings_of(std::move(*text));
  return password;
}

Error Password::explain(Error error) const {
  if (error.code != Code::wrong_password) return error;
  if (was_variable_ && error.cause.empty())
    error.cause = "it was taken from " + variable_;
  else if (was_variable_)
    error.cause += " (" + variable_ + " is set, and empty)";
  error.hint =
      was_variable_ ? "correct " + variable_ + ", or unset it to be asked" : "try again, or set " + variable_;
  return error;
}

}  // namespace sigstore::keys::internal
