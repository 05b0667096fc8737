#include "cosign/args/command.h"

#include "cosign/commands/copy/only.h"
#include "cosign/options/platform.h"
#include "cosign/session/image.h"
#include "cosign/transfer/transfer.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/carry/registry_target.h"

namespace cosign {

std::string help_copy();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Reference;
namespace carry = sigstore::carry;

class CopyCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"copy"}; }
  [[nodiscard]] std::string usage() const override { return "SOURCE TARGET"; }
  [[nodiscard]] std::string summary() const override {
    return "copy a container image with all that hangs on it";
  }
  [[nodiscard]] std::string manual() const override { return help_copy(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {2, 2}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    flags.csv_list("only", &only_, "KIND", "copy these alone: image, sig, att, sbom, referrers")
        .suggestions = {"image", "sig", "att", "sbom", "referrers"};
    declare_platform(flags, &platform_, "the image for this platform, when it is one of several");
    flags.boolean("force", &force_, "take the tag (and SBOMs) of another image in the target", 'f');
    transfer_.declare(flags);
    flags.boolean("sig-only", &signatures_only_, "the same as --only sig").section = Section::compatibility;
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (signatures_only_) only_.emplace_back("sig");
    carry::WalkOptions options;
    TRY(options.kinds, copy::parse_only(only_));
    TRY(const auto from, Reference::parse(arguments[0]));
    TRY(const auto to, Reference::parse(arguments[1]));
    TRY_OK(check_target(to));
    TRY(const Descriptor image, find_image(session, transfer_.registry, from, platform_));
    if (to.digest && *to.digest != image.digest)
      return fail(Code::invalid_argument, "an image cannot be copied to another digest",
                  arguments[0] + " is " + image.digest.text(), "name the target by a tag");
    TRY(const auto source, registry_source(session, transfer_, from.repository));
    const auto cargo = carry::walk(*source, image, options);
    if (!cargo) return fail(session.explain(cargo.error(), from));
    session.note("Copying " + digest_reference(from.repository, image.digest) + " to " + to.text() + "...");
    if (cargo->items.empty()) session.note("note: nothing of that kind hangs on " + arguments[0]);
    auto target =
        make_target(session, to, !options.kinds.empty() && !options.kinds.contains(carry::Kind::image));
    if (auto moved = move(session, *source, *target, *cargo, transfer_, "copied"); !moved)
      return fail(session.explain(moved.error(), to));
    return ui::exit_ok;
  }

 private:
  std::unique_ptr<carry::Target> make_target(Session& session, const Reference& to, bool without_image) {
    carry::RegistryTargetOptions options;
    options.image = options.attached = to.repository;
    if (!to.digest && !without_image) options.tag = to.tag;
    options.force = force_;
    options.tag_prefix = transfer_.registry.attachment_tag_prefix;
    return carry::make_registry_target(session.registry(transfer_.registry), session.env(),
                                       std::move(options));
  }

  TransferFlags transfer_;
  std::vector<std::string> only_;
  std::optional<sigstore::oci::Platform> platform_;
  bool force_ = false, signatures_only_ = false;
};

}  // namespace

std::unique_ptr<Command> make_copy() {
  return std::make_unique<CopyCommand>();
}

}  // namespace cosign
