#include "cosign/args/command.h"

#include "cosign/commands/download-signature/render.h"
#include "cosign/options/registry.h"
#include "cosign/session/documents.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/payload/statement.h"

namespace cosign {

std::string help_download_signature();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;
using sigstore::store::Attachment;
using sigstore::store::Document;

// An attestation is no signature.
bool is_signature(const Document& document) {
  return !document.bundle || document.predicate_type.empty() ||
         document.predicate_type == sigstore::payload::cosign_sign_predicate;
}

Result<std::string> render(const Document& document) {
  if (document.bundle) return *document.content;
  TRY(const auto signature, sigstore::bundle::from_layer(*document.content, document.layer.annotations));
  return legacy_signature(signature);
}

class DownloadSignatureCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"download", "signature"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override { return "print the signatures of a container image"; }
  [[nodiscard]] std::string manual() const override { return help_download_signature(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  void declare(FlagSet& flags) override { registry_.declare(flags); }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto reference, Reference::parse(arguments[0]));
    TRY(const auto documents,
        find_documents(session, registry_, reference, std::nullopt, Attachment::Kind::signatures));
    const auto printed = print_documents(session, documents, is_signature, render);
    if (printed.nothing_there)
      return fail(Code::not_found, reference.typed + ": no signatures associated", {},
                  documents.found.empty()
                      ? ""
                      : "it has attestations: cosign download attestation " + reference.typed);
    return printed.complete ? ui::exit_ok : ui::exit_error;
  }

 private:
  RegistryFlags registry_;
};

}  // namespace

std::unique_ptr<Command> make_download_signature() {
  return std::make_unique<DownloadSignatureCommand>();
}

}  // namespace cosign
