#include "cosign/args/command.h"

#include "cosign/keysets/key_set_file.h"
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

  void declare(FlagSet& flags) override { change_.declare(flags); }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY_OK(change_.make(session, arguments[0], sigstore::keyset::State::retired));
    return ui::exit_ok;
  }

 private:
  StateChange change_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_retire() {
  return std::make_unique<KeysetRetireCommand>();
}

}  // namespace cosign
