#include "cosign/args/command.h"

#include "cosign/options/annotations.h"
#include "cosign/options/registry.h"
#include "cosign/session/image.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/payload/simple_signing.h"

namespace cosign {

std::string help_generate();  // help.md

namespace {

using sigstore::Result;
using sigstore::oci::Digest;
using sigstore::oci::Reference;

class GenerateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"generate"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override { return "print the payload that would be signed"; }
  [[nodiscard]] std::string manual() const override { return help_generate(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.pair_list("annotations", &annotations_, "key=value to sign along; repeatable", 'a');
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto annotations, parse_annotations(annotations_));
    TRY(const auto reference, Reference::parse(arguments[0]));
    TRY(const Digest digest, digest_of(session, registry_, reference));
    session.out_exactly(
        sigstore::payload::write_simple_signing(reference.repository.text(), digest, annotations));
    return ui::exit_ok;
  }

 private:
  RegistryFlags registry_;
  std::vector<std::string> annotations_;
};

}  // namespace

std::unique_ptr<Command> make_generate() {
  return std::make_unique<GenerateCommand>();
}

}  // namespace cosign
