#include "cosign/args/command.h"

#include "cosign/commands/bundle-inspect/bundle_facts.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_bundle_inspect();  // help.md

namespace {

using sigstore::fail;
using sigstore::Result;

class BundleInspectCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"bundle", "inspect"}; }
  [[nodiscard]] std::string usage() const override { return "BUNDLE"; }
  [[nodiscard]] std::string summary() const override { return "show what a bundle says, unverified"; }
  [[nodiscard]] std::string manual() const override { return help_bundle_inspect(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.choice("output", &output_, {"text", "json"}, "lines for people, or a versioned JSON document", 'o');
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto text, session.read_file(arguments[0], sigstore::limits::bundle_bytes));
    const auto document = bundle_inspect::inspect(text);
    if (!document) return fail(document.error().wrap("cannot read " + arguments[0]));
    session.note("WARNING: nothing of this is verified: it is what the file says; cosign verify-blob and");
    session.note("cosign verify-blob-attestation tell whether it is true.");
    session.out(output_ == "json" ? sigstore::codec::json::write_indented(*document, 2)
                                  : bundle_inspect::as_tree(*document));
    return ui::exit_ok;
  }

 private:
  std::string output_ = "text";
};

}  // namespace

std::unique_ptr<Command> make_bundle_inspect() {
  return std::make_unique<BundleInspectCommand>();
}

}  // namespace cosign
