#include "cosign/commands/registry-serve/limits.h"

#include <algorithm>

#include "server/host/limits.h"

namespace cosign::serve {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

void LimitFlags::declare(FlagSet& flags) {
  flags.boolean("read-only", &read_only, "refuse everything that would change something");
  flags.size("upload-limit", &upload_limit, "bytes of one blob at most, e.g. 10GiB");
  flags.size("storage-limit", &storage_limit, "bytes of all content at most, e.g. 1.5Ti");
  flags.number("connections", &connections, "connections at once; those beyond wait, and silent ones end");
  flags.number("connections-per-client", &connections_per_client, "connections of one network at once");
  flags.duration("idle-timeout", &idle_timeout, "a connection without a byte for so long is closed");
  flags.number("rate-limit", &rate_limit, "requests a second of one user or network at most; 0: no limit");
}

Result<void> LimitFlags::apply(sigstore::net::ListenerOptions& options) const {
  if (connections < 1) return fail(Code::invalid_argument, "--connections must be at least 1");
  if (connections_per_client < 1)
    return fail(Code::invalid_argument, "--connections-per-client must be at least 1");
  if (idle_timeout < std::chrono::milliseconds(100) || idle_timeout > std::chrono::hours(1))
    return fail(Code::invalid_argument, "--idle-timeout must be from 100ms to 1h");
  options.connections = static_cast<std::size_t>(connections);
  options.connections_per_client = static_cast<std::size_t>(connections_per_client);
  options.idle_timeout = idle_timeout;
  options.body_bytes = std::max(options.body_bytes, upload_limit);
  options.header_timeout = std::min<sigstore::Duration>(options.header_timeout, idle_timeout);
  return {};
}

Result<LimitFlags::Admit> LimitFlags::bound(std::unique_ptr<sigstore::content::Store>& content) const {
  if (upload_limit == 0 && storage_limit == 0) return Admit();
  TRY(auto limited, sigstore::content::LimitedStore::make(std::move(content), {upload_limit, storage_limit}));
  Admit admit = [store = limited.get()](std::uint64_t bytes) { return store->admit(bytes); };
  content = std::move(limited);
  return admit;
}

// What is saved up is for clients that ask for the parts of an image at once.
Result<std::unique_ptr<server::host::Buckets>> LimitFlags::rate(const sigstore::Clock& clock) const {
  if (rate_limit < 0) return fail(Code::invalid_argument, "--rate-limit cannot be below 0");
  if (rate_limit == 0) return nullptr;
  const server::host::Rate rate{.per_second = double(rate_limit), .burst = std::max(20.0, 2.0 * rate_limit)};
  return std::make_unique<server::host::Buckets>(clock, rate);
}

server::host::Role LimitFlags::limit(server::host::Role role, Admit admit) const {
  if (admit) role = server::host::sized(std::move(role), std::move(admit));
  return read_only ? server::host::read_only(std::move(role)) : role;
}

}  // namespace cosign::serve
