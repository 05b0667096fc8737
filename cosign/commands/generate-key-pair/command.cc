#include "cosign/args/command.h"

#include "cosign/session/new_key_pair.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/file/key_file.h"

namespace cosign {

std::string help_generate_key_pair();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

// Places that are not files: a Kubernetes secret, variables of a CI service, a KMS.
Result<void> refuse_other_places(const std::string& kms, const std::vector<std::string>& arguments) {
  if (!kms.empty())
    return fail(Code::unsupported, "keys in a key management service (--kms) are not supported yet", {},
                "leave --kms out to make a key file");
  if (arguments.empty()) return {};
  const auto end = arguments[0].find("://");
  if (end == std::string::npos)
    return fail(Code::invalid_argument, "\"" + arguments[0] + "\" is no place for a key pair", {},
                "--output-key-prefix NAME writes NAME.key and NAME.pub");
  return fail(Code::unsupported, "key pairs in " + arguments[0].substr(0, end) + ":// are not supported yet",
              {}, "leave it out to make a key file");
}

class GenerateKeyPairCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"generate-key-pair"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "make a key pair to sign with"; }
  [[nodiscard]] std::string manual() const override { return help_generate_key_pair(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 1}; }

  void declare(FlagSet& flags) override {
    flags.text("output-key-prefix", &prefix_, "string", "name of the files, before .key and .pub");
    flags.boolean("yes", &yes_, "overwrite existing files without a question", 'y');
    flags.text("kms", &kms_, "string", "create the key in a key management service").section =
        Section::compatibility;
  }

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& arguments) override {
    TRY_OK(refuse_other_places(kms_, arguments));
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
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_generate_key_pair() {
  return std::make_unique<GenerateKeyPairCommand>();
}

}  // namespace cosign
