#include "cosign/args/command.h"

#include "cosign/verification/images.h"

namespace cosign {

std::string help_verify();  // help.md

namespace {

class VerifyCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"verify"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override { return "verify the signatures of container images"; }
  [[nodiscard]] std::string manual() const override { return help_verify(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }
  sigstore::Result<int> run(Session& session, const FlagSet&,
                            const std::vector<std::string>& images) override {
    return verify_images(session, flags_, images,
                         "cosign verify --key cosign.pub --insecure-ignore-tlog=true IMAGE");
  }

 private:
  ImageFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_verify() {
  return std::make_unique<VerifyCommand>();
}

}  // namespace cosign
