#include "cosign/args/command.h"

#include <algorithm>

#include "cosign/commands/registry-serve/access.h"
#include "cosign/commands/registry-serve/content.h"
#include "cosign/commands/registry-serve/limits.h"
#include "cosign/commands/registry-serve/listen.h"
#include "cosign/commands/registry-serve/operation.h"
#include "cosign/commands/registry-serve/page.h"
#include "cosign/commands/registry-serve/play.h"
#include "cosign/commands/registry-serve/storage.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "server/host/host.h"
#include "server/registry/registry.h"
#include "sigstore/base/limits.h"

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
    page_.declare(flags);
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
  serve::PageFlags page_;
};

// Whether the storage can be asked, and takes and forgets a few bytes. `content` has no bounds of ours: a
// registry that may not grow is well.
Result<void> probe(const server::registry::Catalogue& catalogue, sigstore::content::Store& content,
                   bool read_only) {
  TRY_OK(catalogue.has_repository("health"));
  if (read_only) return {};
  TRY(const auto writer, content.begin());
  return writer->write(sigstore::as_bytes(std::string(4 * sigstore::limits::kib, '.')));
}

// Whether passwords can be overheard on the way to this address. Nothing is known of a socket that was
// passed.
bool is_in_the_clear(const sigstore::net::ListenerOptions& place) {
  return place.descriptor < 0 && place.certificate_file.empty() && place.address != "::1" &&
         place.address != "localhost" && !place.address.starts_with("127.");
}

// "listening on 127.0.0.1:5000", a line for each.
std::string lines(const std::string& what, const std::vector<std::string>& addresses) {
  std::string text;
  for (const std::string& address : addresses) text += what + " " + address + "\n";
  return text;
}

Result<int> RegistryServeCommand::run(Session& session, const FlagSet& flags,
                                      const std::vector<std::string>&) {
  const auto& env = session.env();
  const server::host::Notifier manager(*env.variables);
  TRY(auto sockets, server::host::take_passed_sockets(*env.variables));
  TRY(const auto operation, operation_.open(session, sockets));
  const auto trouble = [&operation](const std::string& line) { operation->trouble(line); };
  TRY(auto places, listen_.places(env, flags, sockets, trouble));
  for (auto& place : places) TRY_OK(limits_.apply(place));
  TRY(const auto rate, limits_.rate(*env.clock));
  TRY(serve::Storage storage, storage_.open(env));
  sigstore::content::Store& unbounded = *storage.content;
  TRY(const auto admit, limits_.bound(storage.content));
  TRY(const serve::Access access, access_.open(env, trouble));
  if (access.users && access.external_url.empty() && std::ranges::any_of(places, is_in_the_clear))
    session.note("note: passwords come in the clear: there is no --tls-cert");
  TRY(serve::Play play, play_.open(access.tokens != nullptr));
  server::registry::Options taken{.trouble = trouble};
  content_.apply(taken);
  server::registry::Registry registry(*storage.content, *storage.catalogue, env, std::move(taken));
  TRY(const auto page,
      page_.open(session.keys(), {*storage.content, *storage.catalogue, *env.clock, play_.referrers, trouble},
                 access.external_url));
  TRY_OK(storage_.fill(registry, *env.files));
  operation->metrics().gauge("cosign_registry_uploads_open", "Uploads that are under way.",
                             [&] { return static_cast<double>(registry.uploads_open()); });
  operation->metrics().gauge("cosign_registry_content_bytes", "Bytes of all content, as of the last minute.",
                             serve::content_bytes(*storage.content, *env.clock));

  // From the inside out: the registry, and what stands before it.
  const auto healthy = [&] { return probe(*storage.catalogue, unbounded, limits_.read_only); };
  server::host::Role role = [&](const server::host::Request& request) { return registry.handle(request); };
  const auto guard = [&](server::host::Role inner) {
    if (page) inner = page->before(std::move(inner));
    inner = limits_.limit(std::move(inner), admit);
    inner = operation->with_metrics(std::move(inner));
    inner = access.guard(std::move(inner), rate.get());
    return operation->with_health(std::move(inner), healthy);
  };
  TRY(role, play.around(std::move(role), guard, places.front(), env));
  if (play.other) session.note("the other host of a quirk listens on " + play.other->address());

  server::host::Host host(env);
  for (auto& place : places) place.counts = &operation->connections();
  TRY(const auto addresses, host.listen(places, operation->observers(), role));
  std::vector<std::string> apart;
  if (operation->apart()) {
    TRY(apart, host.listen({*operation->apart()}, {}, operation->apart_role(healthy)));
  }
  session.out(lines("listening on", addresses) + lines("metrics on", apart));
  session.publish();
  manager.ready();
  host.wait([&registry] { registry.sweep(); });
  manager.stopping();
  host.stop();
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_registry_serve() {
  return std::make_unique<RegistryServeCommand>();
}

}  // namespace cosign
