#include "cosign/commands/registry-serve/listen.h"

#include "server/host/address.h"

namespace cosign::serve {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

Result<void> check_tls_files(const ListenFlags& flags, sigstore::Files& files) {
  if (flags.certificate.empty() != flags.key.empty())
    return fail(Code::invalid_argument, "--tls-cert and --tls-key belong together");
  if (!flags.client_ca.empty() && flags.certificate.empty())
    return fail(Code::invalid_argument, "--client-ca needs TLS", {}, "--tls-cert FILE --tls-key FILE");
  const std::pair<const char*, const std::string&> named[] = {
      {"--tls-cert", flags.certificate}, {"--tls-key", flags.key}, {"--client-ca", flags.client_ca}};
  for (const auto& [flag, file] : named)
    if (!file.empty() && !files.exists(file))
      return fail(Code::not_found, std::string(flag) + " names a file that does not exist: " + file);
  return {};
}

}  // namespace

void ListenFlags::declare(FlagSet& flags) {
  flags.list("addr", &addresses, "HOST:PORT", "address to listen on; port 0 takes any free one; repeatable");
  flags.text("tls-cert", &certificate, "FILE",
             "certificate chain, PEM; without one it is plain HTTP; read again when it changes");
  flags.text("tls-key", &key, "FILE", "its private key, PEM");
  flags.text("client-ca", &client_ca, "FILE", "clients must show a certificate by one of these CAs, PEM");
}

Result<sigstore::net::ListenerOptions> ListenFlags::options(const sigstore::Env& env, Trouble trouble) const {
  TRY_OK(check_tls_files(*this, *env.files));
  sigstore::net::ListenerOptions options;
  options.certificate_file = certificate;
  options.key_file = key;
  options.client_ca_file = client_ca;
  options.trouble = std::move(trouble);
  options.clock = env.clock;
  return options;
}

Result<std::vector<sigstore::net::ListenerOptions>> ListenFlags::places(
    const sigstore::Env& env, const FlagSet& flags, const std::vector<server::host::PassedSocket>& sockets,
    const Trouble& trouble) const {
  if (!sockets.empty() && flags.given("addr"))
    return fail(Code::invalid_argument, "--addr and sockets of the service manager exclude each other", "",
                "leave out --addr: the .socket unit names the addresses");
  TRY(const auto common, options(env, trouble));
  std::vector<sigstore::net::ListenerOptions> places;
  for (const auto& socket : sockets) places.emplace_back(common).descriptor = socket.descriptor;
  for (const std::string& address : sockets.empty() ? addresses : std::vector<std::string>{}) {
    TRY(const auto parsed, server::host::Address::parse(address, "addr"));
    places.push_back(common);
    places.back().address = parsed.host;
    places.back().port = parsed.port;
  }
  return places;
}

}  // namespace cosign::serve
