#include "cosign/args/command.h"

#include "cosign/commands/tree/render.h"
#include "cosign/options/later.h"
#include "cosign/options/registry.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_tree();  // help.md

namespace {

using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;
using sigstore::store::Tree;

class TreeCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"tree"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "show everything that hangs on a container image";
  }
  [[nodiscard]] std::string manual() const override { return help_tree(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.choice("output", &output_, {"text", "json"}, "a tree for people, or a versioned JSON document",
                 'o');
    registry_.declare(flags);
    const auto ignored = LaterFlags::Effect::ignored;
    later_.declare(flags, ignored, "experimental-oci11", "", "referrers are always looked at");
    later_.declare(flags, ignored, "registry-referrers-mode", "MODE", "referrers are always looked at");
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto reference, Reference::parse(arguments[0]));
    TRY(const auto moved, session.signature_repository());
    auto tree = sigstore::store::grow_tree(session.registry(registry_), reference, moved,
                                           registry_.attachment_tag_prefix);
    if (!tree) return fail(session.explain(tree.error(), reference));
    return print(session, *tree);
  }

 private:
  int print(Session& session, const Tree& tree) const;

  RegistryFlags registry_;
  LaterFlags later_;
  std::string output_ = "text";
};

// What was found, then what could not be asked: it may be there.
int TreeCommand::print(Session& session, const Tree& tree) const {
  session.out(output_ == "json" ? as_json(tree) : as_text(tree));
  if (output_ == "json") session.publish();  // it names what could not be asked
  session.remarks(tree.attachments.notes);
  if (tree.attachments.truncated)
    session.note("note: only the first " + std::to_string(sigstore::limits::referrers) +
                 " referrers were looked at");
  for (const sigstore::Error& failure : tree.attachments.failures) session.print(failure);
  return tree.attachments.failures.empty() ? ui::exit_ok : ui::exit_error;
}

}  // namespace

std::unique_ptr<Command> make_tree() {
  return std::make_unique<TreeCommand>();
}

}  // namespace cosign
