#include "cosign/args/command.h"

#include "cosign/keysets/key_set_file.h"
#include "cosign/keysets/key_set_flags.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_keyset_retire();  // help.md

namespace {

using sigstore::Result;

class KeysetRetireCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"keyset", "retire"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override {
    return "retire a key of a key set: it verifies, and signs nothing more";
  }
  [[nodiscard]] std::string manual() const override { return help_keyset_retire(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    declare_one_key(flags, &key_, "its id, the beginning of that, its name in the set, or its file").takes =
        Takes::public_key;
    flags.text("reason", &reason_, "TEXT", "why, for whoever is refused");
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY_OK(change_state(session, arguments[0], key_, sigstore::keyset::State::retired, reason_));
    return ui::exit_ok;
  }

 private:
  std::string key_, reason_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_retire() {
  return std::make_unique<KeysetRetireCommand>();
}

}  // namespace cosign
