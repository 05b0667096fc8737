#include "cosign/args/command.h"

#include "cosign/transfer/transfer.h"
#include "cosign/ui/exit_codes.h"
#include "cosign/verification/images.h"
#include "cosign/verification/local.h"
#include "cosign/verification/material_flags.h"
#include "sigstore/carry/layout.h"
#include "sigstore/carry/registry_target.h"

namespace cosign {

std::string help_load();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Reference;
namespace carry = sigstore::carry;

constexpr const char* example = "cosign load --dir DIR --key cosign.pub --insecure-ignore-tlog=true IMAGE";

// A blob that is damaged is found before anything is sent.
// An archive was read already; there it is sizes alone.
Result<void> check_before(Session& session, carry::Source& source, const carry::Cargo& cargo, bool read) {
  sigstore::ByteSink each;
  if (read)
    each = [&](sigstore::BytesView) {
      return session.env().clock->sleep({});  // an error once it is interrupted
    };
  return carry::check_blobs(source, cargo, each);
}

class LoadCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"load"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "load a saved container image with all that hangs on it into a registry";
  }
  [[nodiscard]] std::string manual() const override { return help_load(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    flags.text("dir", &folder_, "DIR", "the folder that `cosign save` wrote");
    flags.text("archive", &archive_, "FILE", "the archive that it wrote instead");
    material_.declare(flags);
    transfer_.declare(flags);
    material_.declare_rest(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (folder_.empty() == archive_.empty())
      return fail(Code::invalid_argument, "either a folder or an archive is loaded", {},
                  "add --dir DIR or --archive FILE");
    if (folder_.empty()) folder_ = archive_;
    // Whoever names a signer wants it verified.
    TRY_OK(material_.later.refuse());
    TRY_OK(material_.names_signer() ? material_.check(example) : material_.check_absent());
    TRY(const auto to, Reference::parse(arguments[0]));
    TRY_OK(check_target(to));
    TRY(const auto layout, carry::open_saved(*session.env().files, folder_, session.cancel()));
    TRY(const Descriptor image, carry::only_image(layout));
    if (to.digest && *to.digest != image.digest)
      return fail(Code::mismatch, folder_ + " holds another image", "it is " + image.digest.text());
    TRY(const int code, verified(session, layout, image, to.repository));
    if (code != ui::exit_ok) return code;
    const auto source = carry::make_layout_source(layout, image.digest);
    if (!source) return fail(damaged(source.error()));
    const auto cargo = carry::walk(**source, image);
    if (!cargo) return fail(damaged(cargo.error()));
    if (auto whole = check_before(session, **source, *cargo, archive_.empty()); !whole)
      return fail(damaged(whole.error()));
    TRY(const auto target, make_target(session, to));
    if (auto moved = move(session, **source, *target, *cargo, transfer_, "loaded"); !moved)
      return fail(session.explain(moved.error(), to));
    return ui::exit_ok;
  }

 private:
  [[nodiscard]] sigstore::Error damaged(const sigstore::Error& error) const {
    if (error.code == Code::cancelled) return error;
    const bool too_much = error.code == Code::too_large || error.code == Code::unsupported;
    return error.wrap(folder_ + (too_much ? " cannot be loaded" : " is damaged; nothing was loaded"));
  }

  // Whether the image that is loaded is signed by whom was named, if anybody was. A key that is not for every
  // repository must be for the one that it goes to.
  Result<int> verified(Session& session, const sigstore::store::Layout& layout, const Descriptor& image,
                       const sigstore::oci::Repository& to) {
    if (!material_.names_signer()) return ui::exit_ok;
    sigstore::check::Options options;
    TRY_OK(material_.apply(session, options));
    options.requirements.repository = to;
    for (const auto& result : check_layout(layout, options)) {
      if (!result.accepted()) {
        session.remarks(result.notes);
        session.print(*result.error);
        return exit_code(result);
      }
      if (result.digest == image.digest) return ui::exit_ok;
    }
    return fail(Code::not_found, "no image in " + folder_);
  }

  Result<std::unique_ptr<carry::Target>> make_target(Session& session, const Reference& to) {
    TRY(const auto moved, session.signature_repository());
    carry::RegistryTargetOptions options;
    options.image = to.repository;
    options.attached = moved.value_or(to.repository);
    if (!to.digest) options.tag = to.tag;
    options.force = true;  // as the real one: the tag that was named is what is wanted
    options.tag_prefix = transfer_.registry.attachment_tag_prefix;
    return carry::make_registry_target(session.registry(transfer_.registry), session.env(),
                                       std::move(options));
  }

  TransferFlags transfer_;
  MaterialFlags material_;
  std::string folder_, archive_;  // either; after run() began, the first
};

}  // namespace

std::unique_ptr<Command> make_load() {
  return std::make_unique<LoadCommand>();
}

}  // namespace cosign
