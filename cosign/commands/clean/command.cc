#include "cosign/args/command.h"

#include "cosign/options/registry.h"
#include "cosign/session/image.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/clean/clean.h"

namespace cosign {

std::string help_clean();  // help.md

namespace {

using sigstore::Result;
using sigstore::clean::Kind;
using sigstore::clean::Kinds;
using sigstore::clean::Place;
using sigstore::clean::Plan;
using sigstore::oci::Reference;

struct Type {
  std::string_view name;
  Kinds kinds;
  std::string_view things, thing;
};

const Type& type_named(std::string_view name) {
  static const std::vector<Type> types = {
      {"signature", {Kind::signatures}, "signatures", "signature"},
      {"attestation", {Kind::attestations}, "attestations", "attestation"},
      {"referrer", {Kind::bundles}, "referrer attestations and/or signatures", "bundle"},
      {"sbom", {Kind::sboms}, "SBOMs", "SBOM"},
      {"all",
       {Kind::signatures, Kind::attestations, Kind::sboms, Kind::bundles},
       "signatures, SBOMs and attestations",
       "signature, SBOM or attestation"}};
  for (const Type& type : types)
    if (type.name == name) return type;
  return types.back();
}

class CleanCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"clean"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override {
    return "remove signatures, attestations and SBOMs from a container image";
  }
  [[nodiscard]] std::string manual() const override { return help_clean(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.choice("type", &type_, {"signature", "attestation", "referrer", "sbom", "all"}, "what is removed");
    flags.boolean("force", &force_, "remove without asking", 'f');
    flags.boolean("yes", &force_, "the same as --force", 'y');
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override;

 private:
  Result<void> ask(Session& session, const Type& type, const Plan& plan) const;

  RegistryFlags registry_;
  std::string type_ = "all";
  bool force_ = false;
};

Result<void> CleanCommand::ask(Session& session, const Type& type, const Plan& plan) const {
  if (force_) return {};
  const std::size_t places = plan.tags.size() + plan.referrers.size();
  session.note("WARNING: this will remove all " + std::string(type.things) + " from the image (" +
               std::to_string(places) + (places == 1 ? " manifest)" : " manifests)"));
  return session.env().prompter->confirm("Are you sure you would like to continue?", "--force");
}

Result<int> CleanCommand::run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) {
  const Type& type = type_named(type_);
  TRY(const auto reference, Reference::parse(arguments[0]));
  TRY(const auto moved, session.signature_repository());
  TRY(const auto digest, digest_of(session, registry_, reference));
  auto& registry = session.registry(registry_);
  const Place place{moved.value_or(reference.repository), digest, registry_.attachment_tag_prefix};
  const Plan plan = sigstore::clean::look(registry, place, type.kinds);
  session.remarks(plan.notes);
  if (plan.empty() && plan.failures.empty())
    session.note("Nothing to remove: " + reference.typed + " has no " + std::string(type.thing));
  if (!plan.empty()) TRY_OK(ask(session, type, plan));
  const auto report = sigstore::clean::remove(registry, session.env(), place, plan);
  for (const std::string& removed : report.removed)
    session.note("Removed " + removed + " from " + reference.typed);
  for (const auto& failure : plan.failures) session.print(session.explain(failure, reference));
  for (const auto& failure : report.failures) session.print(session.explain(failure, reference));
  return plan.failures.empty() && report.failures.empty() ? ui::exit_ok : ui::exit_error;
}

}  // namespace

std::unique_ptr<Command> make_clean() {
  return std::make_unique<CleanCommand>();
}

}  // namespace cosign
