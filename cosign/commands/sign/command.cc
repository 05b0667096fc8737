#include "cosign/args/command.h"

#include "cosign/commands/sign/flags.h"
#include "cosign/commands/sign/outputs.h"
#include "cosign/options/annotations.h"
#include "cosign/session/session.h"
#include "cosign/signing/signing_run.h"

namespace cosign {

std::string help_sign();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

Result<void> check_flags(const SignFlags& flags, sigstore::Files& files) {
  TRY_OK(flags.signing.check(files, "sign", "IMAGE@DIGEST"));
  if (!flags.attachment.empty() && flags.attachment != "sbom")
    return fail(Code::invalid_argument, "--attachment " + flags.attachment + " is not known", "only sbom is");
  if (!flags.upload && !wants_files(flags))
    return fail(Code::invalid_argument, "--upload=false would leave the signature nowhere", {},
                "add --bundle FILE, or --output-signature FILE and --output-payload FILE");
  return {};
}

Result<sigstore::sign::Options> read_options(const SignFlags& flags, sigstore::Files& files) {
  sigstore::sign::Options options;
  TRY(options.annotations, parse_annotations(flags.annotations));
  options.force = flags.force;
  if (!flags.payload.empty()) {
    TRY(options.payload, files.read(flags.payload, sigstore::limits::attachment_bytes));
  }
  return options;
}

class SignCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"sign"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override { return "sign container images in their registry"; }
  [[nodiscard]] std::string manual() const override { return help_sign(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }

  Result<int> run(Session& session, const FlagSet& flags,
                  const std::vector<std::string>& arguments) override {
    TRY_OK(check_flags(flags_, *session.env().files));
    SigningPlan plan;
    TRY(plan.options, read_options(flags_, *session.env().files));
    plan.key = flags_.signing.key;
    TRY(plan.key_set, flags_.signing.key_set.open(session));
    plan.registry = flags_.registry;
    plan.formats = flags_.format.formats(flags.given("new-bundle-format"));
    plan.identities = flags_.identities;
    plan.attachment = flags_.attachment;
    plan.recursive = flags_.recursive;
    plan.upload = flags_.upload;
    plan.max_workers = flags_.max_workers;
    plan.one_file = wants_files(flags_);
    plan.outputs = [&](auto& signer, const Signed& all, const auto& options) {
      return write_files(session, flags_, signer, all, options);
    };
    return run_signing(session, std::move(plan), arguments);
  }

 private:
  SignFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_sign() {
  return std::make_unique<SignCommand>();
}

}  // namespace cosign
