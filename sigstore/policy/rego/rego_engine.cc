// Policies in Rego, by cosign's contract: all files together, `data.signature.allow` must be true, `input` is
// the statement.
#include "sigstore/base/limits.h"
#include "sigstore/policy/engine.h"
#include "sigstore/policy/rego/internal/interpreter.h"
#include "sigstore/policy/rego/internal/shim.h"

namespace sigstore::policy {
namespace rego {
namespace {

constexpr std::string_view query = "data.signature.allow";

// The bounds' errors say "it": which policy, and what to look for.
Error over_bounds(const Error& error, const std::vector<std::string>& files) {
  if (error.code == Code::cancelled || error.code == Code::unsupported) return error;
  return error.wrap("cannot evaluate the policy " + files.front() +
                    (files.size() > 1 ? " and its companions" : ""));
}

// The interpreter names a file by its number where a rule conflicts with one of another file: "rule at
// 0:4:1".
std::string with_names(std::string message, const std::vector<std::string>& files) {
  constexpr std::string_view place = " rule at ";
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string number = std::string(place) + std::to_string(i) + ":";
    const auto at = message.find(number);
    if (at == std::string::npos) continue;
    return message.replace(at, number.size(), std::string(place) + files[i] + ":");
  }
  return message;
}

class RegoEngine final : public Engine {
 public:
  RegoEngine(const Env& env, std::vector<Source> sources) : env_(env), sources_(std::move(sources)) {
    for (const auto& source : sources_) files_.push_back(source.path);
  }
  [[nodiscard]] std::string_view name() const override { return "Rego"; }
  [[nodiscard]] const std::vector<std::string>& files() const override { return files_; }

  [[nodiscard]] Result<Decision> evaluate(std::string_view statement) const override {
    TRY(const auto answer, ask(statement));
    switch (answer.outcome) {
      case cosign_rego_allowed:
        return Decision{.allowed = true};
      case cosign_rego_denied:
        return denied(answer, "expression value, " + answer.message + ", is not true");
      default:
        return denied(answer, "result is undefined for query '" + std::string(query) + "'");
    }
  }

  // Errors alone: allowed, denied or undefined otherwise.
  [[nodiscard]] Result<Answer> ask(std::optional<std::string_view> statement) const {
    auto answer = interpret(env_, sources_, query, statement);
    if (!answer) return fail(over_bounds(answer.error(), files_));
    switch (answer->outcome) {
      case cosign_rego_broken:
        return fail(Code::malformed, place(*answer).text());
      case cosign_rego_no_input:
        return fail(Code::malformed, "the statement cannot be given to a Rego policy", answer->message);
      case cosign_rego_panic:
        return fail(Code::internal, "the Rego interpreter failed", answer->message);
      default:
        return answer;
    }
  }

 private:
  // Files go by their number in the child.
  [[nodiscard]] Violation place(const Answer& answer) const {
    for (std::size_t i = 0; i < files_.size(); ++i)
      if (answer.name == std::to_string(i))
        return {files_[i], answer.line, with_names(answer.message, files_)};
    return {files_.size() == 1 ? files_.front() : "", 0, answer.message};
  }

  [[nodiscard]] Decision denied(const Answer& answer, std::string message) const {
    Violation violation = place(answer);
    violation.message = std::move(message);
    return {.allowed = false, .violations = {std::move(violation)}};
  }

  Env env_;
  std::vector<Source> sources_;
  std::vector<std::string> files_;
};

class RegoKind final : public Kind {
 public:
  [[nodiscard]] std::string_view suffix() const override { return ".rego"; }
  [[nodiscard]] Result<std::unique_ptr<Engine>> open(const Env& env,
                                                     std::vector<Source> sources) const override {
    auto engine = std::make_unique<RegoEngine>(env, std::move(sources));
    TRY_OK(engine->ask(std::nullopt));
    return engine;
  }
};

}  // namespace
}  // namespace rego

std::unique_ptr<Kind> make_rego() {
  return std::make_unique<rego::RegoKind>();
}

}  // namespace sigstore::policy
