#include "cosign/args/command.h"

#include "cosign/commands/attest/flags.h"
#include "cosign/session/print_envelope.h"
#include "cosign/signing/signing_run.h"

namespace cosign {

std::string help_attest();  // help.md

namespace {

using sigstore::Result;
using sigstore::store::Format;

Result<void> write_outputs(Session& session, const AttestFlags& flags, sigstore::crypto::Signer& signer,
                           const Signed& all, const sigstore::sign::Options& options) {
  if (!flags.bundle.empty())
    return write_bundle_file(session, flags.bundle, signer, all, all.prepared.front(), options);
  if (!flags.no_upload) return {};
  for (const auto& image : all.prepared) {
    TRY(const auto bundle, bundle_of(Format::envelope, signer, all, image, options));
    print_envelope(session, bundle);
  }
  return {};
}

class AttestCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"attest"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override {
    return "say something about container images, signed";
  }
  [[nodiscard]] std::string manual() const override { return help_attest(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }

  Result<int> run(Session& session, const FlagSet& flags,
                  const std::vector<std::string>& arguments) override {
    TRY_OK(flags_.predicate.check());
    TRY_OK(flags_.signing.check(*session.env().files, "attest", "--predicate FILE --type TYPE IMAGE@DIGEST"));
    TRY(auto attestation, flags_.predicate.read(session, flags.given("type")));
    attestation.replace = flags_.replace;
    SigningPlan plan;
    plan.words = {.verb = "attest", .thing = "attestation"};
    plan.key = flags_.signing.key;
    TRY(plan.key_set, flags_.signing.key_set.open(session));
    plan.registry = flags_.registry;
    plan.formats = flags_.format.formats(flags.given("new-bundle-format"));
    plan.options.attestation = std::move(attestation);
    plan.options.force = flags_.force;
    plan.recursive = flags_.recursive;
    plan.upload = !flags_.no_upload;
    plan.max_workers = flags_.max_workers;
    plan.one_file = !flags_.bundle.empty();
    plan.outputs = [&](auto& signer, const Signed& all, const auto& options) {
      return write_outputs(session, flags_, signer, all, options);
    };
    return run_signing(session, std::move(plan), arguments);
  }

 private:
  AttestFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_attest() {
  return std::make_unique<AttestCommand>();
}

}  // namespace cosign
