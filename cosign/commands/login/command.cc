#include "cosign/args/command.h"

#include "cosign/options/registry.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"
#include "sigstore/credentials/docker/config.h"
#include "sigstore/credentials/docker/login_file.h"

namespace cosign {

std::string help_login();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::Secret;

// A line break at the end is the shell's or the file's, not the password's; docker drops it too.
std::string_view without_line_break(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

class LoginCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"login"}; }
  [[nodiscard]] std::string usage() const override { return "SERVER"; }
  [[nodiscard]] std::string summary() const override { return "log in to a registry"; }
  [[nodiscard]] std::string manual() const override { return help_login(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.text("username", &username_, "NAME", "user of the registry", 'u');
    // COSIGN_PASSWORD is the password of keys.
    flags.text("password", &password_, "TEXT", "password (better: --password-stdin)", 'p').variable.clear();
    flags.boolean("password-stdin", &password_stdin_, "read the password from standard input");
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet& flags,
                  const std::vector<std::string>& arguments) override {
    TRY(const std::string registry, sigstore::credentials::registry_of(arguments.at(0)));
    if (password_stdin_ && flags.given("password"))
      return fail(Code::invalid_argument, "--password and --password-stdin exclude each other");
    TRY(const std::string username, username_of(session));
    TRY(const Secret password, password_of(session, flags));
    if (username.empty() || password.empty())
      return fail(Code::invalid_argument, "username and password required");
    if (username.find(':') != std::string::npos)
      return fail(Code::invalid_argument, "a username cannot hold a colon");
    RegistryFlags tried = registry_;
    tried.username = username;
    tried.password = password.reveal();
    tried.given_by.clear();  // the person who reads the message
    TRY_OK(session.registry(tried).ping(registry));
    TRY(const auto stored, sigstore::credentials::store_login(session.env(), registry, username, password));
    session.note("logged in via " + stored.path);
    if (stored.helper.empty())
      session.note(
          "the password is stored there unencrypted; with a credential helper (credsStore) it is not");
    return ui::exit_ok;
  }

 private:
  Result<std::string> username_of(Session& session) const {
    if (!username_.empty()) return username_;
    if (!registry_.username.empty()) return registry_.username;
    return session.env().prompter->line("Username: ", "--username");
  }

  Result<Secret> password_of(Session& session, const FlagSet& flags) const {
    if (flags.given("password")) return Secret(password_);
    if (password_stdin_) {
      TRY(std::string text, session.read_input(sigstore::limits::password_bytes));
      Secret password(without_line_break(text));
      sigstore::wipe(text);
      return password;
    }
    if (!registry_.password.empty()) return Secret(registry_.password);
    TRY(const Secret answer, session.env().prompter->password("Password: ", false, "--password-stdin"));
    return Secret(without_line_break(answer.reveal()));
  }

  std::string username_, password_;
  bool password_stdin_ = false;
  RegistryFlags registry_;
};

}  // namespace

std::unique_ptr<Command> make_login() {
  return std::make_unique<LoginCommand>();
}

}  // namespace cosign
