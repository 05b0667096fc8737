#include "cosign/args/command.h"

#include "cosign/commands/keyset-show/render.h"
#include "cosign/keysets/key_set_file.h"
#include "cosign/keysets/key_set_flags.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_keyset_show();  // help.md

namespace {

using sigstore::fail;
using sigstore::Result;

using keyset_show::as_json;
using keyset_show::as_text;

class KeysetShowCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"keyset", "show"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override {
    return "show a key set: its keys, its roots, and whether it would be trusted";
  }
  [[nodiscard]] std::string manual() const override { return help_keyset_show(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.choice("output", &output_, {"text", "json", "document"},
                 "lines for people, a versioned JSON document, or the document that is signed, byte for byte",
                 'o');
    flags.boolean("check", &check_, "exit code 1 unless the set would be trusted");
    trust_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const std::string& path = arguments[0];
    TRY(const auto file, read_key_set(session, path));
    const auto trusted = trust_.judge(session, file, path);
    if (output_ == "document")
      session.out_exactly(file.document);
    else
      session.out(output_ == "json" ? as_json(file, path, trusted, session.env().clock->now())
                                    : as_text(file, path, trusted, session.env().clock->now()));
    if (!check_ || trusted) return ui::exit_ok;
    session.publish();
    return fail(trusted.error());
  }

 private:
  std::string output_ = "text";
  bool check_ = false;
  KeySetFlags trust_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_show() {
  return std::make_unique<KeysetShowCommand>();
}

}  // namespace cosign
