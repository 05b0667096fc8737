#include "cosign/args/command.h"

#include "cosign/commands/registry-serve/access.h"
#include "cosign/commands/registry-serve/content.h"
#include "cosign/commands/registry-serve/limits.h"
#include "cosign/commands/registry-serve/listen.h"
#include "cosign/commands/registry-serve/operation.h"
#include "cosign/commands/registry-serve/play.h"
#include "cosign/commands/registry-serve/storage.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "server/host/host.h"
#include "server/registry/registry.h"

namespace cosign {

std::string help_registry_serve();  // help.md

namespace {

using sigstore::Result;

class RegistryServeCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"registry", "serve"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "run an OCI registry"; }
  [[nodiscard]] std::string manual() const override { return help_registry_serve(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    listen_.declare(flags);
    storage_.declare(flags);
    content_.declare(flags);
    access_.declare(flags);
    limits_.declare(flags);
    operation_.declare(flags);
    play_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet& flags, const std::vector<std::string>& arguments) override;

 private:
  serve::ListenFlags listen_;
  serve::StorageFlags storage_;
  serve::ContentFlags content_;
  serve::AccessFlags access_;
  serve::LimitFlags limits_;
  serve::OperationFlags operation_;
  serve::PlayFlags play_;
};

Result<int> RegistryServeCommand::run(Session& session, const FlagSet&, const std::vector<std::string>&) {
  const auto& env = session.env();
  server::host::HostOptions options;
  const auto trouble = [&session](const std::string& line) { session.note("error: " + line); };
  TRY(options.listener, listen_.options(env, trouble));
  TRY(const auto rate, limits_.rate(*env.clock));
  TRY(serve::Storage storage, storage_.open(env));
  TRY(auto admit, limits_.bound(storage.content));
  TRY(const serve::Access access, access_.open(env, trouble));
  TRY(serve::Play play, play_.open());
  server::registry::Options taken{.trouble = trouble};
  content_.apply(taken);
  server::registry::Registry registry(*storage.content, *storage.catalogue, env, std::move(taken));
  TRY_OK(storage_.fill(registry, *env.files));
  TRY(const serve::Operation operation, operation_.open(session));
  options.observers = operation.observers();
  options.every_minute = [&registry] { registry.sweep(); };

  // From the inside out: the registry, and what stands before it.
  server::host::Role role = [&](const server::host::Request& request) { return registry.handle(request); };
  TRY(role, play.around(std::move(role), options.listener, env));
  role = limits_.limit(std::move(role), std::move(admit));
  role = access.guard(std::move(role), rate.get());
  TRY_OK(server::host::serve(env, options, std::move(role), [&](const std::string& bound) {
    session.out("listening on " + bound);
    session.publish();
  }));
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_registry_serve() {
  return std::make_unique<RegistryServeCommand>();
}

}  // namespace cosign
