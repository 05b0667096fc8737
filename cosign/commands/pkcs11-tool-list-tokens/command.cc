#include "cosign/args/command.h"

#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/codec/printable.h"
#include "sigstore/keys/pkcs11/tokens.h"

namespace cosign {

std::string help_pkcs11_tool_list_tokens();  // help.md

namespace {

using sigstore::Result;
using sigstore::codec::printable;
using sigstore::keys::TokenInfo;

std::string as_text(const TokenInfo& token) {
  return "Token in slot " + std::to_string(token.slot) + "\n\tLabel: " + printable(token.label) +
         "\n\tManufacturer: " + printable(token.manufacturer) + "\n\tModel: " + printable(token.model) +
         "\n\tS/N: " + printable(token.serial) + "\n\n";
}

class ListTokensCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"pkcs11-tool", "list-tokens"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "list the tokens of a PKCS#11 module"; }
  [[nodiscard]] std::string manual() const override { return help_pkcs11_tool_list_tokens(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.text("module-path", &module_, "FILE", "absolute path of the PKCS#11 module").variable =
        "COSIGN_PKCS11_MODULE_PATH";
    flags.boolean("no-input", &no_input_, "has no effect: nothing is asked", 'f').section =
        Section::compatibility;
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override {
    const auto context = session.keys();
    TRY(const auto module, sigstore::keys::module_path(context.env, module_));
    TRY(const auto tokens, sigstore::keys::list_tokens(context, module));
    std::string text = "\nListing tokens of PKCS11 module '" + module + "'\n";
    for (const auto& token : tokens) text += as_text(token);
    session.out(text);
    return ui::exit_ok;
  }

 private:
  std::string module_;
  bool no_input_ = false;
};

}  // namespace

std::unique_ptr<Command> make_pkcs11_tool_list_tokens() {
  return std::make_unique<ListTokensCommand>();
}

}  // namespace cosign
