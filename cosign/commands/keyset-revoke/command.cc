#include "cosign/args/command.h"

#include "cosign/keysets/key_set_file.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_keyset_revoke();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

class KeysetRevokeCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"keyset", "revoke"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override {
    return "revoke a key of a key set: it verifies nothing more";
  }
  [[nodiscard]] std::string manual() const override { return help_keyset_revoke(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override { change_.declare(flags); }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (change_.reason.empty())
      return fail(Code::invalid_argument, "why the key is revoked is not said", {}, "add --reason TEXT");
    TRY_OK(change_.make(session, arguments[0], sigstore::keyset::State::revoked));
    return ui::exit_ok;
  }

 private:
  StateChange change_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_revoke() {
  return std::make_unique<KeysetRevokeCommand>();
}

}  // namespace cosign
