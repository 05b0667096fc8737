#include "cosign/args/command.h"

#include <charconv>

#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"
#include "sigstore/keys/pkcs11/tokens.h"

namespace cosign {

std::string help_pkcs11_tool_list_keys_uris();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::Secret;
using sigstore::keys::TokenKey;

Result<std::uint64_t> slot_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return fail(Code::invalid_argument, "--slot-id must be the number of a slot", {},
              "cosign pkcs11-tool list-tokens shows them");
}

std::string as_text(const TokenKey& key) {
  std::string text;
  if (!key.label.empty()) text += "\tLabel: " + sigstore::codec::printable(key.label) + "\n";
  if (!key.id.empty()) text += "\tID: " + sigstore::codec::hex::encode(sigstore::as_bytes(key.id)) + "\n";
  return text + "\tURI: " + sigstore::keys::write_token_uri(key.uri) + "\n";
}

class ListKeysUrisCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"pkcs11-tool", "list-keys-uris"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "list the keys of a PKCS#11 token"; }
  [[nodiscard]] std::string manual() const override { return help_pkcs11_tool_list_keys_uris(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.text("module-path", &module_, "FILE", "absolute path of the PKCS#11 module").variable =
        "COSIGN_PKCS11_MODULE_PATH";
    flags.text("slot-id", &slot_, "N", "slot of the token");
    // Its variable is read where those of key URIs are: it is the same one.
    flags.text("pin", &pin_, "PIN", "PIN of the token; by default COSIGN_PKCS11_PIN, else it is asked for")
        .variable = "";
    flags.boolean("no-input", &no_input_, "has no effect", 'f').section = Section::compatibility;
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override {
    const auto context = session.keys();
    std::optional<Secret> pin;
    if (!pin_.empty()) pin = Secret(std::string_view(pin_));
    sigstore::wipe(pin_);
    TRY(const auto module, sigstore::keys::module_path(context.env, module_));
    TRY(const auto slot, slot_number(slot_));
    TRY(const auto keys, sigstore::keys::list_token_keys(context, module, slot, std::move(pin)));
    std::string text = "\nListing URIs of keys in slot '" + slot_ + "' of PKCS11 module '" + module + "'\n";
    std::size_t number = 0;
    for (const auto& key : keys) text += "Object " + std::to_string(number++) + "\n" + as_text(key);
    session.out(text);
    return ui::exit_ok;
  }

 private:
  std::string module_, slot_ = "0", pin_;
  bool no_input_ = false;
};

}  // namespace

std::unique_ptr<Command> make_pkcs11_tool_list_keys_uris() {
  return std::make_unique<ListKeysUrisCommand>();
}

}  // namespace cosign
