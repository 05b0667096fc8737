#include "cosign/args/command.h"

#include <array>

#include "cosign/commands/doctor-registry/render.h"
#include "cosign/options/registry.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/codec/hex.h"

namespace cosign {

std::string help_doctor_registry();  // help.md

namespace {

using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Repository;
namespace doctor = sigstore::doctor;

class DoctorRegistryCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"doctor", "registry"}; }
  [[nodiscard]] std::string usage() const override { return "HOST/REPOSITORY"; }
  [[nodiscard]] std::string summary() const override {
    return "try what a registry can do, and say which signatures work there";
  }
  [[nodiscard]] std::string manual() const override { return help_doctor_registry(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.choice("output", &output_, {"text", "json"}, "sentences for people, or a versioned JSON document",
                 'o');
    flags.boolean("below", &below_, "try it in a new repository below this one");
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override;

 private:
  int print(Session& session, const doctor_registry::Report& report) const;

  RegistryFlags registry_;
  std::string output_ = "text";
  bool below_ = false;
};

std::string new_id(const sigstore::Env& env) {
  std::array<std::uint8_t, 8> bytes{};
  env.random->fill(bytes);
  return sigstore::codec::hex::encode(bytes);
}

Result<Repository> repository_of(const std::string& argument) {
  const char* const hint =
      "name a repository without a tag: cosign doctor registry registry.example.com/team/scratch";
  if (argument.find('/') == std::string::npos && argument.find_first_of(".:") != std::string::npos)
    return fail(sigstore::Code::invalid_argument,
                argument + " is a registry, and a repository in it is missing", {}, hint);
  auto repository = Repository::parse(argument);
  if (repository) return repository;
  return fail(repository.error().with_hint(hint));
}

// Where one of two formats works, signatures do.
int DoctorRegistryCommand::print(Session& session, const doctor_registry::Report& report) const {
  session.out(output_ == "json" ? as_json(report) : as_text(report));
  session.publish();  // it says what does not work
  return report.conclusion.some_form_works() ? ui::exit_ok : ui::exit_error;
}

Result<int> DoctorRegistryCommand::run(Session& session, const FlagSet&,
                                       const std::vector<std::string>& arguments) {
  TRY(auto repository, repository_of(arguments[0]));
  const std::string id = new_id(session.env());
  TRY(const auto scratch, doctor::make_scratch(id));
  if (below_) repository.path += "/" + scratch.tag;
  auto& registry = session.registry(registry_);
  session.notes({"Trying " + repository.text() + " with a small image of its own: its tags are " +
                     scratch.tag + ", -2 and -3,",
                 scratch.fallback_tag + " and the same with .sig. All is deleted again where that works."});
  auto examination = doctor::examine(
      registry, session.env(), repository, scratch,
      {.step = [&](std::string_view step) { session.progress("trying: " + std::string(step)); }});
  session.progress("");
  // Nobody there: nothing was tried, so that nothing is concluded.
  const doctor::Check ping = examination.findings.ping;
  if (ping.finding == doctor::Finding::failed && !examination.interrupted && output_ == "text" && ping.error)
    return fail(*ping.error);
  auto conclusion = doctor::conclude(examination.findings);
  const bool interrupted = examination.interrupted;
  const int code = print(session, {std::move(repository), std::move(examination), std::move(conclusion)});
  if (interrupted) return fail(sigstore::Code::cancelled, "interrupted: not everything was tried");
  return code;
}

}  // namespace

std::unique_ptr<Command> make_doctor_registry() {
  return std::make_unique<DoctorRegistryCommand>();
}

}  // namespace cosign
