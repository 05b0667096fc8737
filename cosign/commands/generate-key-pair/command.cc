#include "cosign/args/command.h"

#include "cosign/session/new_key_pair.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keys/shown.h"

namespace cosign {

std::string help_generate_key_pair();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

constexpr unsigned public_mode = 0644;

// The service or token that the key is to be made in; empty: it becomes files.
Result<std::string> place_of(const std::string& kms, const std::vector<std::string>& arguments) {
  if (!kms.empty() && !arguments.empty())
    return fail(Code::invalid_argument, "--kms " + sigstore::keys::shown(kms) + " and " +
                                            sigstore::keys::shown(arguments[0]) + " exclude each other");
  const std::string place = arguments.empty() ? kms : arguments[0];
  if (place.empty() || sigstore::keys::is_kept_elsewhere(place)) return place;
  return fail(Code::invalid_argument, "\"" + place + "\" is no place for a key pair", {},
              "--output-key-prefix NAME writes NAME.key and NAME.pub");
}

// The public half of a key that is kept elsewhere, as a file. It is looked at before the key is made: no key
// without its file.
Result<void> make_elsewhere(Session& session, const std::string& place, sigstore::keys::NewKey wanted,
                            const std::string& prefix) {
  const std::string path = prefix + ".pub";
  auto& files = *session.env().files;
  TRY_OK(files.create(path, public_mode));
  if (files.exists(path) && !wanted.overwrite)
    TRY_OK(session.env().prompter->confirm("WARNING: File " + path + " already exists. Overwrite?", "--yes"));
  TRY(const auto key, sigstore::keys::create(session.keys(), place, wanted));
  const auto written = files.write_atomic(path, key.pem(), public_mode);
  if (!written)
    return fail(written.error().with_hint("the key is made, and cosign public-key prints its public half"));
  session.note("Public key written to " + path);
  return {};
}

class GenerateKeyPairCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"generate-key-pair"}; }
  [[nodiscard]] std::string usage() const override { return "[KEY]"; }
  [[nodiscard]] std::string summary() const override { return "make a key pair to sign with"; }
  [[nodiscard]] std::string manual() const override { return help_generate_key_pair(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 1}; }

  void declare(FlagSet& flags) override {
    flags.text("output-key-prefix", &prefix_, "string", "name of the files, before .key and .pub");
    flags.boolean("yes", &yes_, "overwrite existing files without a question", 'y');
    flags.text("kms", &kms_, "KEY", "make the key in a key management service or token");
    flags.text("algorithm", &algorithm_, "NAME", "of a key there, as the service or token calls it");
    flags.boolean("password-apart", &password_apart_,
                  "do not keep the password beside the key (k8s://, gitlab://, github://)");
  }

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& arguments) override {
    TRY(const auto place, place_of(kms_, arguments));
    if (!place.empty()) {
      const sigstore::keys::NewKey wanted{
          .algorithm = algorithm_, .overwrite = yes_, .password_apart = password_apart_};
      TRY_OK(make_elsewhere(session, place, wanted, prefix_));
      return ui::exit_ok;
    }
    if (!algorithm_.empty())
      return fail(Code::invalid_argument, "--algorithm is for keys that are made elsewhere",
                  "a key file made here is ECDSA P-256",
                  "cosign import-key-pair makes a key file of any other type of key");
    NewKeyPair pair(session, prefix_);
    TRY_OK(pair.prepare(yes_));
    TRY(const auto password, sigstore::keys::new_password(session.env()));
    TRY(const auto key, sigstore::crypto::PrivateKey::generate(sigstore::crypto::KeyType::ecdsa_p256));
    TRY_OK(pair.write(key, password));
    return ui::exit_ok;
  }

 private:
  std::string prefix_ = "cosign";
  std::string kms_;
  std::string algorithm_;
  bool yes_ = false;
  bool password_apart_ = false;
};

}  // namespace

std::unique_ptr<Command> make_generate_key_pair() {
  return std::make_unique<GenerateKeyPairCommand>();
}

}  // namespace cosign
