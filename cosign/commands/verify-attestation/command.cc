#include "cosign/args/command.h"

#include "cosign/verification/attestations.h"

namespace cosign {

std::string help_verify_attestation();  // help.md

namespace {

class VerifyAttestationCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"verify-attestation"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override {
    return "verify what is said of container images, and who said it";
  }
  [[nodiscard]] std::string manual() const override { return help_verify_attestation(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }
  sigstore::Result<int> run(Session& session, const FlagSet&,
                            const std::vector<std::string>& images) override {
    return verify_attestations(
        session, flags_, images,
        "cosign verify-attestation --key cosign.pub --insecure-ignore-tlog=true IMAGE");
  }

 private:
  AttestationFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_verify_attestation() {
  return std::make_unique<VerifyAttestationCommand>();
}

}  // namespace cosign
