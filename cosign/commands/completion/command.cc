#include "cosign/args/command.h"

#include "cosign/args/nearest.h"
#include "cosign/commands/completion/words.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_completion();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

struct Shell {
  std::string_view name;
  std::string (*script)(const std::vector<CommandWords>&);
};

constexpr Shell shells[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

class CompletionCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"completion"}; }
  [[nodiscard]] std::string usage() const override { return "bash|zsh|fish"; }
  [[nodiscard]] std::string summary() const override { return "print a completion script for a shell"; }
  [[nodiscard]] std::string manual() const override { return help_completion(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  void declare(FlagSet& /*flags*/) override {}

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& arguments) override {
    for (const Shell& shell : shells) {
      if (shell.name != arguments[0]) continue;
      session.out(shell.script(completion_words(session.commands())));
      return ui::exit_ok;
    }
    const std::string close = nearest(arguments[0], {"bash", "zsh", "fish"});
    return fail(Code::invalid_argument, "invalid argument \"" + arguments[0] + "\" for \"cosign completion\"",
                "it must be one of bash, zsh, fish", close.empty() ? "" : "did you mean " + close + "?");
  }
};

}  // namespace

std::unique_ptr<Command> make_completion() {
  return std::make_unique<CompletionCommand>();
}

}  // namespace cosign
