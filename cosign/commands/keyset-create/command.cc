#include "cosign/args/command.h"

#include "cosign/keysets/key_set_file.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/provider.h"

namespace cosign {

std::string help_keyset_create();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::keyset::KeySet;

class KeysetCreateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"keyset", "create"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override { return "make a key set that has no keys yet"; }
  [[nodiscard]] std::string manual() const override { return help_keyset_create(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.list("root", &roots_, "KEY",
               "public key of somebody who signs the set (repeatable); without one it is not signed");
    flags.number("threshold", &threshold_, "how many roots must sign it; 0: all");
    flags.text("expires", &expires_, "TIME", "the set is of no use after this, as 2027-01-31T00:00:00Z");
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const std::string& path = arguments[0];
    if (path == "-")
      return fail(Code::invalid_argument, "a key set that is made is a file", "- is none",
                  "name it keyset.json");
    if (session.env().files->exists(path))
      return fail(Code::conflict, path + " is there already", {}, "remove it first, or choose another name");
    KeySet set;
    TRY(set.expires, read_time("expires", expires_));
    for (const std::string& reference : roots_) {
      TRY(auto key, sigstore::keys::open_public_half(session.keys(), reference));
      set.roots.push_back({std::move(key), name_of_key(reference)});
    }
    if (threshold_ < 0 || (threshold_ > 0 && roots_.empty()))
      return fail(Code::invalid_argument, "--threshold " + std::to_string(threshold_) + " of no roots", {},
                  "name each root with --root");
    set.threshold = threshold_ == 0 ? set.roots.size() : static_cast<std::size_t>(threshold_);
    TRY(auto checked, KeySet::parse(set.write(), "the key set"));
    TRY_OK(write_change(session, path, std::move(checked)));
    remark_if_past(session, "--expires", set.expires);
    return ui::exit_ok;
  }

 private:
  std::vector<std::string> roots_;
  int threshold_ = 0;
  std::string expires_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_create() {
  return std::make_unique<KeysetCreateCommand>();
}

}  // namespace cosign
