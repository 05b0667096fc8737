#include "cosign/args/command.h"

#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "server/host/address.h"
#include "server/host/host.h"
#include "server/host/log_file.h"
#include "server/registry/registry.h"
#include "sigstore/content/folder.h"
#include "sigstore/content/memory.h"

namespace cosign {

std::string help_registry_serve();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

struct ServeFlags {
  std::string address = "127.0.0.1:5000";
  std::string folder;
  std::string users;
  std::vector<std::string> layouts;
  std::string log;
  std::string certificate, key;
  bool referrers = true;

  void declare(FlagSet& flags) {
    flags.text("addr", &address, "HOST:PORT", "address to listen on; port 0 takes any free one");
    flags.text("dir", &folder, "DIR", "keep everything in this folder; without it, in memory");
    flags.text("htpasswd", &users, "FILE", "users that may come in, as `htpasswd -B` writes them");
    flags.list("load", &layouts, "LAYOUT=REPO",
               "load an OCI image layout with its tags into a repository; repeatable");
    flags.text("log", &log, "FILE", "a JSON line per request goes here; - is stderr");
    flags.text("tls-cert", &certificate, "FILE", "certificate chain, PEM; without one it is plain HTTP");
    flags.text("tls-key", &key, "FILE", "its private key, PEM");
    flags.boolean("referrers", &referrers, "`=false` acts like a registry without the referrers API");
  }
};

// The parts that a running registry stands on.
struct Parts {
  std::unique_ptr<sigstore::content::Store> content;
  std::unique_ptr<server::registry::Catalogue> catalogue;
  std::unique_ptr<server::host::Htpasswd> users;
  std::unique_ptr<server::host::AccessLog> log;
};

Result<Parts> open_parts(Session& session, const ServeFlags& flags) {
  const auto& env = session.env();
  Parts parts;
  if (flags.folder.empty()) {
    parts.content = sigstore::content::make_memory();
  } else {
    TRY_OK(env.files->make_directories(flags.folder));
    TRY_OK(sigstore::content::remove_leftovers(*env.files, flags.folder));
    parts.content = sigstore::content::make_folder(*env.files, env.random, flags.folder);
  }
  TRY(parts.catalogue, server::registry::Catalogue::open(
                           *env.files, flags.folder.empty() ? "" : flags.folder + "/repositories"));
  if (!flags.users.empty()) {
    TRY(const std::string text, env.files->read(flags.users, sigstore::limits::htpasswd_bytes));
    TRY(parts.users, server::host::Htpasswd::parse(text, *env.random));
  }
  return parts;
}

Result<server::host::AccessLog::Sink> open_log(Session& session, const std::string& path) {
  if (path != "-") return server::host::open_log_file(path);
  return [&session](std::string_view line) { session.note(line.substr(0, line.find('\n'))); };
}

Result<void> load_layouts(server::registry::Registry& registry, sigstore::Files& files,
                          const std::vector<std::string>& layouts) {
  for (const std::string& pair : layouts) {
    const std::size_t equals = pair.rfind('=');
    if (equals == std::string::npos)
      return fail(Code::invalid_argument, "not LAYOUT=REPO: " + pair, {},
                  "--load ./saved-image=devops/nginx");
    auto loaded = registry.load(files, pair.substr(0, equals), pair.substr(equals + 1));
    if (!loaded) return fail(loaded.error().wrap("cannot load " + pair));
  }
  return {};
}

class RegistryServeCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"registry", "serve"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "run an OCI registry"; }
  [[nodiscard]] std::string manual() const override { return help_registry_serve(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }
  Result<int> run(Session& session, const FlagSet& flags, const std::vector<std::string>& arguments) override;

 private:
  Result<void> check_tls_files(sigstore::Files& files) const;

  ServeFlags flags_;
};

Result<void> RegistryServeCommand::check_tls_files(sigstore::Files& files) const {
  if (flags_.certificate.empty() != flags_.key.empty())
    return fail(Code::invalid_argument, "--tls-cert and --tls-key belong together");
  const std::pair<const char*, const std::string&> named[] = {{"--tls-cert", flags_.certificate},
                                                              {"--tls-key", flags_.key}};
  for (const auto& [flag, file] : named)
    if (!file.empty() && !files.exists(file))
      return fail(Code::not_found, std::string(flag) + " names a file that does not exist: " + file);
  return {};
}

Result<int> RegistryServeCommand::run(Session& session, const FlagSet&, const std::vector<std::string>&) {
  TRY(const auto address, server::host::Address::parse(flags_.address, "addr"));
  TRY_OK(check_tls_files(*session.env().files));
  TRY(Parts parts, open_parts(session, flags_));
  const auto trouble = [&session](const std::string& line) { session.note("error: " + line); };
  server::registry::Registry registry(*parts.content, *parts.catalogue, session.env(),
                                      {.referrers = flags_.referrers, .trouble = trouble});
  TRY_OK(load_layouts(registry, *session.env().files, flags_.layouts));

  server::host::HostOptions options;
  options.listener.address = address.host;
  options.listener.port = address.port;
  options.listener.certificate_file = flags_.certificate;
  options.listener.key_file = flags_.key;
  options.listener.clock = session.env().clock;
  options.users = parts.users.get();
  options.realm = "cosign registry";
  if (!flags_.log.empty()) {
    TRY(auto sink, open_log(session, flags_.log));
    parts.log = std::make_unique<server::host::AccessLog>(*session.env().clock, std::move(sink));
    options.log = parts.log.get();
  }
  TRY_OK(server::host::serve(
      session.env(), options, [&](const server::host::Request& request) { return registry.handle(request); },
      [&](const std::string& bound) {
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
