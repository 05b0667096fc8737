#include "cosign/args/command.h"

#include "cosign/commands/repair/render.h"
#include "cosign/options/registry.h"
#include "cosign/session/image.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_repair();  // help.md

namespace {

using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Digest;
using sigstore::oci::Reference;
namespace store = sigstore::store;

class RepairCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"repair"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "rewrite a damaged list of what refers to a container image";
  }
  [[nodiscard]] std::string manual() const override { return help_repair(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.boolean("write", &write_, "repair it; without this what would be done is shown").variable.clear();
    flags.csv_list("also", &also_, "DIGEST",
                   "a referrer that is known from elsewhere, or an earlier list of them");
    flags.choice("output", &output_, {"text", "json"}, "lines for people, or a versioned JSON document", 'o');
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override;

 private:
  [[nodiscard]] Result<store::RepairOptions> options() const;
  int print(Session& session, const repair::Report& report) const;

  RegistryFlags registry_;
  std::vector<std::string> also_;
  std::string output_ = "text";
  bool write_ = false;
};

Result<store::RepairOptions> RepairCommand::options() const {
  store::RepairOptions options;
  for (const std::string& text : also_) {
    auto digest = Digest::parse(text);
    if (!digest) return fail(digest.error().wrap("invalid value for --also: " + text));
    options.also.push_back(std::move(*digest));
  }
  return options;
}

// 1 while there is something to repair, or something could not be asked.
int RepairCommand::print(Session& session, const repair::Report& report) const {
  session.out(output_ == "json" ? as_json(report) : as_text(report));
  session.publish();
  session.remarks(report.plan.notes);
  if (report.done) session.remarks(report.done->notes);
  for (const sigstore::Error& failure : report.plan.failures) session.print(failure);
  const bool open = report.plan.needed() && !report.done;
  return open || !report.plan.failures.empty() ? ui::exit_error : ui::exit_ok;
}

Result<int> RepairCommand::run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) {
  TRY(const auto options, this->options());
  TRY(const auto reference, Reference::parse(arguments[0]));
  TRY(const auto moved, session.signature_repository());
  TRY(const Digest digest, digest_of(session, registry_, reference));
  repair::Report report{moved.value_or(reference.repository), digest, {}, {}};
  auto& registry = session.registry(registry_);
  TRY(report.plan, store::plan_repair(registry, session.env(), report.repository, digest, options));
  if (write_ && report.plan.needed()) {
    TRY(report.done, store::repair(registry, session.env(), report.repository, digest, report.plan));
  }
  return print(session, report);
}

}  // namespace

std::unique_ptr<Command> make_repair() {
  return std::make_unique<RepairCommand>();
}

}  // namespace cosign
