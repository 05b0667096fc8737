#include "cosign/args/command.h"

#include "cosign/keysets/key_set_file.h"
#include "cosign/keysets/key_set_flags.h"
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

  void declare(FlagSet& flags) override {
    declare_one_key(flags, &key_, "its id, the beginning of that, its name in the set, or its file").takes =
        Takes::public_key;
    flags.text("reason", &reason_, "TEXT", "why, for whoever is refused");
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (reason_.empty())
      return fail(Code::invalid_argument, "why the key is revoked is not said", {}, "add --reason TEXT");
    TRY_OK(change_state(session, arguments[0], key_, sigstore::keyset::State::revoked, reason_));
    return ui::exit_ok;
  }

 private:
  std::string key_, reason_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_revoke() {
  return std::make_unique<KeysetRevokeCommand>();
}

}  // namespace cosign
