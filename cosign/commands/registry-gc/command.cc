#include "cosign/args/command.h"

#include "cosign/commands/registry-gc/render.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "server/registry/kept.h"
#include "sigstore/content/folder.h"

namespace cosign {

std::string help_registry_gc();  // help.md

namespace {

using namespace server::registry;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

class RegistryGcCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"registry", "gc"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "find, and with --delete remove, what a registry's folder does not need";
  }
  [[nodiscard]] std::string manual() const override { return help_registry_gc(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.text("dir", &folder_, "DIR", "the folder of a registry that is not running");
    flags.boolean("delete", &delete_, "remove it; without this flag nothing is changed");
    flags.boolean("untagged", &options_.untagged,
                  "also manifests that no tag, no index and no image holds, and their signatures");
    flags.duration("older-than", &options_.older_than, "keep what was pushed more recently");
    flags.boolean("keep-detached", &options_.keep_detached,
                  "keep signatures whose image is not in this registry");
    flags.choice("output", &output_, {"text", "json"}, "lines for people, or a versioned JSON document", 'o');
  }

  Result<int> run(Session& session, const FlagSet& flags, const std::vector<std::string>& arguments) override;

 private:
  [[nodiscard]] Result<GcPlan> work(const sigstore::Env& env) const;

  std::string folder_;
  bool delete_ = false;
  GcOptions options_;
  std::string output_ = "text";
};

Result<GcPlan> RegistryGcCommand::work(const sigstore::Env& env) const {
  TRY(const auto lock, lock_folder(env, folder_));
  const auto content = sigstore::content::make_folder(*env.files, env.random, folder_);
  TRY(const auto catalogue, Catalogue::open(env, folder_, database_path(folder_)));
  TRY(GcPlan plan, [&]() -> Result<GcPlan> {
    TRY(const auto index, catalogue->index());
    return plan_gc(env, folder_, *content, *index, options_);
  }());
  if (!delete_) return plan;
  TRY_OK(collect(env, folder_, *content, *catalogue, plan));
  TRY(const auto index, catalogue->index());
  TRY_OK(compact(env, folder_, *index));  // the last thing that is done with this catalogue
  return plan;
}

Result<int> RegistryGcCommand::run(Session& session, const FlagSet&, const std::vector<std::string>&) {
  if (folder_.empty()) return fail(Code::invalid_argument, "no folder was given", {}, "add --dir DIR");
  if (!session.env().files->exists(journal_path(folder_)))
    return fail(Code::not_found, "there is no registry in " + folder_, "it has no journal");
  TRY(const GcPlan plan, work(session.env()));
  session.out(output_ == "json" ? gc::as_json(plan, delete_) : gc::as_text(plan, delete_));
  const bool any = !plan.entries.empty() || !plan.contents.empty();
  if (any && !delete_) session.note("note: nothing was changed; --delete removes it");
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_registry_gc() {
  return std::make_unique<RegistryGcCommand>();
}

}  // namespace cosign
