#include "cosign/args/command.h"

#include "cosign/options/platform.h"
#include "cosign/options/registry.h"
#include "cosign/session/image.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/store/attachments.h"

namespace cosign {

std::string help_download_sbom();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Index;
using sigstore::oci::Reference;
using sigstore::oci::Repository;
using sigstore::store::Attachment;
using sigstore::store::Attachments;

// The one of the tag, else the newest of the referrers that `attach sbom --registry-referrers-mode oci-1-1`
// makes; its first layer is the SBOM.
const Attachment* newest_sbom(const Attachments& all) {
  const Attachment* newest = nullptr;
  for (const Attachment& one : all.found) {
    if (one.layers.empty()) continue;
    if (one.kind == Attachment::Kind::sboms) return &one;
    if (one.type == sigstore::oci::media_type::sbom_artifact) newest = &one;
  }
  return newest;
}

class DownloadSbomCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"download", "sbom"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "print the SBOM that is attached to a container image";
  }
  [[nodiscard]] std::string manual() const override { return help_download_sbom(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    declare_platform(flags, &platform_, "that of the image for this platform, when it is one of several");
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto reference, Reference::parse(arguments[0]));
    TRY(const auto moved, session.signature_repository());
    TRY(const auto image, find_image(session, registry_, reference, platform_));
    const Repository& repository = moved ? *moved : reference.repository;
    const Attachments all = sigstore::store::list_attachments(
        session.registry(registry_), repository, image.digest, registry_.attachment_tag_prefix,
        {.attestations = false, .signatures = false, .sboms = true, .referrers = true});
    session.remarks(all.notes);
    const Attachment* sbom = newest_sbom(all);
    if (sbom == nullptr && !all.failures.empty()) return fail(all.failures.front());
    if (sbom == nullptr) return fail(absent(session, reference, image));
    return print(session, repository, *sbom);
  }

 private:
  Result<int> print(Session& session, const Repository& repository, const Attachment& sbom) const;
  sigstore::Error absent(Session& session, const Reference& reference, const Descriptor& image) const;

  RegistryFlags registry_;
  std::optional<sigstore::oci::Platform> platform_;
};

Result<int> DownloadSbomCommand::print(Session& session, const Repository& repository,
                                       const Attachment& sbom) const {
  const Descriptor& layer = sbom.layers.front();
  TRY(const auto content, session.registry(registry_).blob(repository, layer, session.max_attachment()));
  session.note("Found SBOM of media type: " + layer.media_type);
  session.note("note: nobody signed it there; what is signed comes from: cosign verify-attestation");
  session.out_exactly(content);
  return ui::exit_ok;
}

// Of an index it says for which platforms there are images, each of which may have one.
sigstore::Error DownloadSbomCommand::absent(Session& session, const Reference& reference,
                                            const Descriptor& image) const {
  const sigstore::Error plain{Code::not_found, "no sbom attached to reference", reference.typed, {}};
  if (!sigstore::oci::is_index(image.media_type)) return plain;
  const auto content = session.registry(registry_).manifest(reference.repository, image.digest.text());
  const auto index = content ? Index::parse(content->bytes) : fail(content.error());
  if (!index) return plain;
  std::string platforms;
  for (const Descriptor& child : index->manifests)
    if (child.platform) platforms += (platforms.empty() ? "--platform " : ", ") + child.platform->text();
  return {Code::not_found, "no SBOM found attached to image index", reference.typed, platforms};
}

}  // namespace

std::unique_ptr<Command> make_download_sbom() {
  return std::make_unique<DownloadSbomCommand>();
}

}  // namespace cosign
