#include "cosign/args/command.h"

#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/credentials/docker/config.h"
#include "sigstore/credentials/docker/login_file.h"
#include "sigstore/credentials/keychain/keychain.h"

namespace cosign {

std::string help_logout();  // help.md

namespace {

using sigstore::Result;

class LogoutCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"logout"}; }
  [[nodiscard]] std::string usage() const override { return "SERVER"; }
  [[nodiscard]] std::string summary() const override { return "log out of a registry"; }
  [[nodiscard]] std::string manual() const override { return help_logout(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& /*none*/) override {}

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& arguments) override {
    TRY(const std::string registry, sigstore::credentials::registry_of(arguments.at(0)));
    TRY(const auto removed, sigstore::credentials::remove_login(session.env(), registry));
    session.note(removed.found ? "removed the credentials for " + registry + " from " + removed.path
                               : "not logged in to " + registry + " in " + removed.path);
    name_other_sources(session, registry);
    return ui::exit_ok;
  }

 private:
  // What is left is said, and no more: a source that cannot be read is not this command's business.
  static void name_other_sources(Session& session, const std::string& registry) {
    for (const auto& source : sigstore::credentials::make_keychain(session.env())) {
      const auto left = source->find({registry, {}});
      if (left && *left) session.note("still logged in to " + registry + " through " + (*left)->source);
    }
  }
};

}  // namespace

std::unique_ptr<Command> make_logout() {
  return std::make_unique<LogoutCommand>();
}

}  // namespace cosign
