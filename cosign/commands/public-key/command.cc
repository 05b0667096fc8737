#include "cosign/args/command.h"

#include "cosign/options/key_help.h"
#include "cosign/options/later.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/provider.h"

namespace cosign {

std::string help_public_key();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

constexpr unsigned public_mode = 0644;

class PublicKeyCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"public-key"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "print the public half of a key"; }
  [[nodiscard]] std::string manual() const override { return help_public_key(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.text("key", &key_, "KEY", key_help("the key")).takes = Takes::private_key;
    flags.text("outfile", &outfile_, "FILE", "write it to this file instead of standard output");
    later_.declare(flags, LaterFlags::Effect::refused, "sk", "", "use a hardware security key",
                   instead_of_sk);
    later_.declare(flags, LaterFlags::Effect::ignored, "slot", "string", "slot of the security key");
  }

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& /*none*/) override {
    TRY_OK(later_.refuse());
    if (key_.empty()) return fail(Code::invalid_argument, "no key was given", {}, "add --key cosign.key");
    TRY(const auto key, sigstore::keys::open_public_half(session.keys(), key_));
    if (outfile_.empty()) {
      session.out(key.pem());
      return ui::exit_ok;
    }
    TRY_OK(session.env().files->write_atomic(outfile_, key.pem(), public_mode));
    session.note("Public key written to " + outfile_);
    return ui::exit_ok;
  }

 private:
  std::string key_;
  std::string outfile_;
  LaterFlags later_;
};

}  // namespace

std::unique_ptr<Command> make_public_key() {
  return std::make_unique<PublicKeyCommand>();
}

}  // namespace cosign
