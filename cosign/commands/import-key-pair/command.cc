#include "cosign/args/command.h"

#include "cosign/session/new_key_pair.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/file/import_key.h"
#include "sigstore/keys/file/key_file.h"

namespace cosign {

std::string help_import_key_pair();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

// The original refuses other sizes here, and cannot sign with them either.
std::vector<std::string> remarks_on(const sigstore::crypto::PublicKey& key) {
  const std::size_t bits = sigstore::crypto::rsa_bits(key);
  if (bits == 0 || bits == 2048 || bits == 3072 || bits == 4096) return {};
  return {"Sigstore's cosign signs with RSA keys of 2048, 3072 and 4096 bits alone; this one has " +
          std::to_string(bits)};
}

class ImportKeyPairCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"import-key-pair"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "make a key pair to sign with of a private key that is there";
  }
  [[nodiscard]] std::string manual() const override { return help_import_key_pair(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.text("key", &key_, "FILE", "the private key: a PEM file", 'k').takes = Takes::private_key;
    flags.text("output-key-prefix", &prefix_, "string", "name of the files, before .key and .pub", 'o');
    flags.boolean("yes", &yes_, "overwrite existing files without a question", 'y');
  }

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& /*none*/) override {
    if (key_.empty())
      return fail(Code::invalid_argument, "no key was given", {}, "add --key FILE, a private key in PEM");
    TRY(const auto foreign, sigstore::keys::read_foreign_key(session.env(), key_));
    NewKeyPair pair(session, prefix_);
    TRY_OK(pair.prepare(yes_));
    TRY(const auto key, sigstore::keys::unlock_foreign_key(session.env(), foreign, key_));
    TRY(const auto password, sigstore::keys::new_password(session.env()));
    TRY_OK(pair.write(key, password));
    session.remarks(remarks_on(key.public_key()));
    return ui::exit_ok;
  }

 private:
  std::string key_;
  std::string prefix_ = "import-cosign";
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_import_key_pair() {
  return std::make_unique<ImportKeyPairCommand>();
}

}  // namespace cosign
