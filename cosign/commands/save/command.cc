#include "cosign/args/command.h"

#include "cosign/transfer/transfer.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/carry/layout.h"

namespace cosign {

std::string help_save();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;
namespace carry = sigstore::carry;

class SaveCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"save"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "save a container image with all that hangs on it in a folder";
  }
  [[nodiscard]] std::string manual() const override { return help_save(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    flags.text("dir", &folder_, "DIR", "the folder; it is made where it is not there");
    flags.text("archive", &archive_, "FILE", "one tar file instead, with the digests of all that is in it");
    transfer_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (folder_.empty() == archive_.empty())
      return fail(Code::invalid_argument, "either a folder or an archive is written", {},
                  "add --dir DIR or --archive FILE");
    if (archive_ == "-")
      return fail(Code::unsupported, "an archive is not written to standard output",
                  "its name appears when it is complete", "add --archive FILE.tar, and send that file");
    TRY(const auto reference, Reference::parse(arguments[0]));
    TRY(const auto image, find_image(session, transfer_, reference));
    TRY(const auto source, registry_source(session, transfer_, reference.repository));
    const auto cargo = carry::walk(*source, image);
    if (!cargo) return fail(session.explain(cargo.error(), reference));
    const std::string tag = reference.tag.value_or("");
    auto& files = *session.env().files;
    const auto target = archive_.empty() ? carry::make_layout_target(files, folder_, tag)
                                         : carry::make_archive_target(files, archive_, tag);
    if (auto moved = move(session, *source, *target, *cargo, transfer_, "saved"); !moved)
      return fail(session.explain(moved.error(), reference));
    return ui::exit_ok;
  }

 private:
  TransferFlags transfer_;
  std::string folder_, archive_;
};

}  // namespace

std::unique_ptr<Command> make_save() {
  return std::make_unique<SaveCommand>();
}

}  // namespace cosign
