#include "cosign/args/command.h"

#include "cosign/commands/env/variables.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_env();  // help.md

namespace {

using sigstore::Result;

std::string words(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& word : path) text += (text.empty() ? "" : " ") + word;
  return text;
}

// "--key of sign, verify" by the variable's name.
std::map<std::string, std::string> flags_by_variable(const CommandTable& commands) {
  std::map<std::string, std::string> found;
  FlagSet program;
  GlobalOptions options;
  options.declare(program);
  for (const auto& flag : program.all()) found[flag->variable] = "--" + flag->name + " of every command";
  for (const auto& command : commands) {
    FlagSet flags;
    command->declare(flags);
    for (const auto& flag : flags.all()) {
      std::string& text = found[flag->variable];
      text += (text.empty() ? "--" + flag->name + " of " : ", ") + words(command->path());
    }
  }
  return found;
}

class EnvCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"env"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "print the variables that cosign reads"; }
  [[nodiscard]] std::string manual() const override { return help_env(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.boolean("show-descriptions", &page_.descriptions, "what each of them is for");
    flags.boolean("show-sensitive-values", &page_.sensitive_values, "passwords as they are, not as ******");
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override {
    session.out(environment_page(*session.env().variables, session.set_variables(),
                                 flags_by_variable(session.commands()), page_));
    return ui::exit_ok;
  }

 private:
  EnvironmentPage page_;
};

}  // namespace

std::unique_ptr<Command> make_env() {
  return std::make_unique<EnvCommand>();
}

}  // namespace cosign
