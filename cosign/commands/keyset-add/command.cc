#include "cosign/args/command.h"

#include "cosign/keysets/key_set_file.h"
#include "cosign/keysets/key_set_flags.h"
#include "cosign/options/key_help.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keyset/change.h"
#include "sigstore/keyset/scope.h"

namespace cosign {

std::string help_keyset_add();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::keyset::Key;

class KeysetAddCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"keyset", "add"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override { return "add a key to a key set"; }
  [[nodiscard]] std::string manual() const override { return help_keyset_add(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    declare_one_key(flags, &key_, key_help("the public key")).takes = Takes::public_key;
    flags.text("name", &name_, "NAME", "what people call it; by default the name of its file");
    flags.text("not-before", &not_before_, "TIME",
               "it verifies nothing before this, as 2027-01-31T00:00:00Z");
    flags.text("not-after", &not_after_, "TIME", "it verifies nothing after this");
    flags.list(
        "scope", &scope_, "GLOB",
        "it is for these repositories alone (repeatable): registry.example/team/** ; `*` ends at a slash");
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const std::string& path = arguments[0];
    if (key_.empty()) return fail(Code::invalid_argument, "no key was given", {}, "add --key cosign.pub");
    Key key;
    TRY(key.not_before, read_time("not-before", not_before_));
    TRY(key.not_after, read_time("not-after", not_after_));
    for (const std::string& glob : scope_) TRY_OK(sigstore::keyset::check_glob(glob));
    key.scope = scope_;
    key.name = name_.empty() ? name_of_key(key_) : name_;
    TRY(key.key, sigstore::keys::open_public_half(session.keys(), key_));
    const std::string title = key.title();
    const auto until = key.not_after;
    TRY(const auto file, read_to_change(session, path));
    TRY(auto changed, sigstore::keyset::with_key(file.set.set, std::move(key)));
    TRY_OK(write_change(session, path, std::move(changed)));
    session.note("Added key " + title);
    remark_if_past(session, "--not-after", until);
    return ui::exit_ok;
  }

 private:
  std::string key_, name_, not_before_, not_after_;
  std::vector<std::string> scope_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_add() {
  return std::make_unique<KeysetAddCommand>();
}

}  // namespace cosign
