#include "cosign/args/command.h"

#include <set>

#include "cosign/commands/download-attestation/render.h"
#include "cosign/options/platform.h"
#include "cosign/options/registry.h"
#include "cosign/session/documents.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/payload/predicate_type.h"

namespace cosign {

std::string help_download_attestation();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;
using sigstore::store::Attachment;
using sigstore::store::Document;
using sigstore::store::Documents;

// A bundle that holds no statement, or that of `sign`, is a signature.
bool is_attestation(const Document& document) {
  return !document.bundle || (!document.predicate_type.empty() &&
                              document.predicate_type != sigstore::payload::cosign_sign_predicate);
}

Result<std::string> render(const Document& document) {
  if (document.bundle) return *document.content;
  TRY(const auto envelope, sigstore::payload::Envelope::parse(*document.content));
  return envelope_line(envelope);
}

std::string types_of(const Documents& documents) {
  std::set<std::string> types;
  for (const Document& document : documents.found)
    if (!document.predicate_type.empty()) types.insert(document.predicate_type);
  std::string text;
  for (const std::string& type : types) text += (text.empty() ? "found: " : ", ") + type;
  return text;
}

class DownloadAttestationCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"download", "attestation"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override { return "print the attestations of a container image"; }
  [[nodiscard]] std::string manual() const override { return help_download_attestation(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    auto& type = flags.text("predicate-type", &predicate_type_, "TYPE",
                            "only those of this type: a short name such as spdxjson, or a URI");
    for (const auto& known : sigstore::payload::predicate_names()) type.suggestions.emplace_back(known.name);
    declare_platform(flags, &platform_, "those of the image for this platform, when it is one of several");
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto reference, Reference::parse(arguments[0]));
    std::string wanted;
    if (!predicate_type_.empty()) {
      TRY(wanted, sigstore::payload::predicate_uri(predicate_type_));
    }
    TRY(const auto documents,
        find_documents(session, registry_, reference, platform_, Attachment::Kind::attestations));
    const auto printed = print_documents(
        session, documents,
        [&](const Document& document) {
          return wanted.empty() ? is_attestation(document) : document.predicate_type == wanted;
        },
        render);
    if (printed.nothing_there && !wanted.empty())
      return fail(Code::not_found, "no attestations with predicate type '" + wanted + "' found",
                  types_of(documents));
    if (printed.nothing_there) session.note("note: " + reference.typed + " has no attestations");
    return printed.complete ? ui::exit_ok : ui::exit_error;
  }

 private:
  RegistryFlags registry_;
  std::optional<sigstore::oci::Platform> platform_;
  std::string predicate_type_;
};

}  // namespace

std::unique_ptr<Command> make_download_attestation() {
  return std::make_unique<DownloadAttestationCommand>();
}

}  // namespace cosign
