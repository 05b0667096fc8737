#include "cosign/args/command.h"

#include "cosign/options/registry.h"
#include "cosign/session/image.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_triangulate();  // help.md

namespace {

using sigstore::Result;
using sigstore::oci::Digest;
using sigstore::oci::Reference;

// What follows "sha256-<hex>" in the tag of each type.
std::string suffix_of(const std::string& type) {
  if (type == "attestation") return ".att";
  if (type == "sbom") return ".sbom";
  return ".sig";
}

class TriangulateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"triangulate"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "print where an image's signatures are stored";
  }
  [[nodiscard]] std::string manual() const override { return help_triangulate(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.choice("type", &type_, {"signature", "attestation", "sbom", "digest"},
                 "what to print the place of");
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto reference, Reference::parse(arguments[0]));
    TRY(const auto moved, session.signature_repository());
    TRY(const Digest digest, digest_of(session, registry_, reference));
    const auto& repository = moved.value_or(reference.repository);
    session.out(type_ == "digest" ? sigstore::oci::digest_reference(repository, digest)
                                  : repository.text() + ":" +
                                        sigstore::oci::attachment_tag(digest, suffix_of(type_),
                                                                      registry_.attachment_tag_prefix));
    return ui::exit_ok;
  }

 private:
  RegistryFlags registry_;
  std::string type_ = "signature";
};

}  // namespace

std::unique_ptr<Command> make_triangulate() {
  return std::make_unique<TriangulateCommand>();
}

}  // namespace cosign
