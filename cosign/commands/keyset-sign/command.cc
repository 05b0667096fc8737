#include "cosign/args/command.h"

#include <algorithm>

#include "cosign/keysets/key_set_file.h"
#include "cosign/keysets/key_set_flags.h"
#include "cosign/options/key_help.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/provider.h"
#include "sigstore/sign/pipeline.h"

namespace cosign {

std::string help_keyset_sign();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::keyset::SignedSet;

class KeysetSignCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"keyset", "sign"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override { return "sign a key set as one of its roots"; }
  [[nodiscard]] std::string manual() const override { return help_keyset_sign(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    declare_one_key(flags, &key_, key_help("the private key of the root")).takes = Takes::private_key;
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const std::string& path = arguments[0];
    if (key_.empty()) return fail(Code::invalid_argument, "no key was given", {}, "add --key root.key");
    TRY(const auto signer, sigstore::keys::open_signer(session.keys(), key_));
    const auto& key = signer->public_key();
    TRY(auto changing, read_to_change(session, path));
    SignedSet& file = changing.set;
    TRY_OK(file.sign(*signer, sigstore::sign::scheme_for(key.type())));
    TRY_OK(write_key_set(session, path, file));
    remark_if_past(session, "the set's expiry", file.set.expires);
    if (std::ranges::find(file.set.roots, key, &sigstore::keyset::Root::key) == file.set.roots.end())
      session.remarks({key.fingerprint() +
                       " is none of the set's own roots: it counts for whoever names it with --keyset-root"});
    return ui::exit_ok;
  }

 private:
  std::string key_;
};

}  // namespace

std::unique_ptr<Command> make_keyset_sign() {
  return std::make_unique<KeysetSignCommand>();
}

}  // namespace cosign
