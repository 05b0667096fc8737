#include "cosign/args/command.h"

#include "cosign/attaching/attaching.h"
#include "cosign/commands/attach-sbom/sbom.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/store/referrers/publish.h"
#include "sigstore/store/tag/file_document.h"
#include "sigstore/store/tag_access.h"

namespace cosign {

std::string help_attach_sbom();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
namespace store = sigstore::store;

class AttachSbomCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"attach", "sbom"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "attach an SBOM to a container image, unsigned";
  }
  [[nodiscard]] std::string manual() const override { return help_attach_sbom(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.text("sbom", &asked_.path, "FILE", "the SBOM; `-` is stdin");
    flags.choice("type", &asked_.type, {"spdx", "cyclonedx", "syft"}, "what kind of SBOM it is");
    flags.choice("input-format", &asked_.input_format, {"json", "xml", "text"},
                 "its form, where it is not to be told by the content");
    flags.choice("registry-referrers-mode", &mode_, {"legacy", "oci-1-1"},
                 "`oci-1-1` attaches it as a referrer instead of the `.sbom` tag");
    flags_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (asked_.path.empty())
      return fail(Code::invalid_argument, "there is nothing to attach", {}, "--sbom FILE");
    TRY(const auto target, find_target(session, flags_, arguments[0]));
    TRY(const auto content, session.read_file(asked_.path, session.max_attachment()));
    auto asked = asked_;
    if (asked.path == "-") asked.path = "stdin";
    TRY(const auto media_type, attach_sbom::media_type_of(asked, content));
    session.note(
        "WARNING: this does not sign it; to sign it: cosign attest --key cosign.key "
        "--tlog-upload=false --type " +
        attach_sbom::attest_type(media_type) + " --predicate " + (asked_.path == "-" ? "FILE" : asked_.path) +
        " IMAGE");
    Descriptor layer;
    layer.media_type = media_type;
    layer.digest = sigstore::oci::Digest::sha256(content);
    layer.size = content.size();
    const store::FileDocument document = store::make_file_document(std::move(layer));
    auto done = mode_ == "oci-1-1" ? as_referrer(session, target, content, document)
                                   : under_tag(session, target, content, document);
    if (!done) return fail(session.explain(done.error(), target.reference));
    return ui::exit_ok;
  }

 private:
  void announce(Session& session, const AttachTarget& target, const std::string& place,
                const std::string& media_type) const;
  Result<void> push_blobs(Session& session, const AttachTarget& target, const std::string& content,
                          const store::FileDocument& document) const;
  Result<void> under_tag(Session& session, const AttachTarget& target, const std::string& content,
                         const store::FileDocument& document) const;
  Result<void> as_referrer(Session& session, const AttachTarget& target, const std::string& content,
                           store::FileDocument document) const;

  AttachFlags flags_;
  attach_sbom::Asked asked_;
  std::string mode_;
};

void AttachSbomCommand::announce(Session& session, const AttachTarget& target, const std::string& place,
                                 const std::string& media_type) const {
  session.note("Uploading SBOM file for [" + target.reference.text() + "] to [" + place +
               "] with mediaType [" + media_type + "].");
}

Result<void> AttachSbomCommand::push_blobs(Session& session, const AttachTarget& target,
                                           const std::string& content,
                                           const store::FileDocument& document) const {
  auto& registry = session.registry(flags_.registry);
  TRY_OK(registry.push_blob(target.repository, document.manifest.config.digest, document.config));
  return registry.push_blob(target.repository, document.manifest.layers[0].digest, content);
}

// Readers look at one SBOM alone: it replaces what was there.
Result<void> AttachSbomCommand::under_tag(Session& session, const AttachTarget& target,
                                          const std::string& content,
                                          const store::FileDocument& document) const {
  const std::string tag =
      sigstore::oci::attachment_tag(target.image.digest, ".sbom", flags_.registry.attachment_tag_prefix);
  const std::string place = target.repository.text() + ":" + tag;
  const std::string bytes = document.manifest.write();
  auto& registry = session.registry(flags_.registry);
  TRY(const auto there, store::tag_names(registry, target.repository, tag));
  if (there == sigstore::oci::Digest::sha256(bytes)) {
    session.note("Already attached, nothing added: SBOM in " + place);
    return {};
  }
  announce(session, target, place, document.manifest.layers[0].media_type);
  TRY_OK(push_blobs(session, target, content, document));
  TRY_OK(registry.push_manifest(target.repository, tag, document.manifest.media_type, bytes));
  if (there) session.note("note: it replaces the SBOM that was there, " + there->text());
  return {};
}

Result<void> AttachSbomCommand::as_referrer(Session& session, const AttachTarget& target,
                                            const std::string& content, store::FileDocument document) const {
  store::set_config(document, sigstore::oci::media_type::sbom_artifact, store::empty_image_config);
  Descriptor subject;
  subject.media_type = target.image.media_type;
  subject.digest = target.image.digest;
  subject.size = target.image.size;
  document.manifest.subject = std::move(subject);
  const auto digest = sigstore::oci::Digest::sha256(document.manifest.write());
  announce(session, target, sigstore::oci::digest_reference(target.repository, digest),
           document.manifest.layers[0].media_type);
  TRY_OK(push_blobs(session, target, content, document));
  TRY(const auto published,
      store::publish_referrer(session.registry(flags_.registry), session.env(), target.repository,
                              document.manifest,
                              {.what = "the SBOM",
                               .refused_hint = "without --registry-referrers-mode it goes under a tag",
                               .own_tags = flags_.registry.own_tags}));
  session.remarks(published.notes);
  return {};
}

}  // namespace

std::unique_ptr<Command> make_attach_sbom() {
  return std::make_unique<AttachSbomCommand>();
}

}  // namespace cosign
