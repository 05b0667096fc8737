// Where Vault is, how it is spoken to and as whom: the variables that its own client reads.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"
#include "sigstore/remote/service/service.h"

namespace sigstore::keys {

struct VaultSettings {
  remote::ServiceOptions service;
  net::TlsOptions tls;
  std::string engine;  // the path of the transit engine, percent-encoded: "transit", "team/transit"
};

// VAULT_ADDR, VAULT_NAMESPACE, VAULT_HEADERS, VAULT_CACERT, VAULT_CACERT_BYTES, VAULT_CAPATH,
// VAULT_CLIENT_CERT, VAULT_CLIENT_KEY, VAULT_TLS_SERVER_NAME and VAULT_SKIP_VERIFY, each also as BAO_…, and
// TRANSIT_SECRET_ENGINE_PATH; and the token. `service` is "Vault" or "OpenBao".
// Codes: not_found (no address, no token), invalid_argument (a value that cannot be).
Result<VaultSettings> read_vault_settings(const Env& env, const std::string& service);

// VAULT_TOKEN, BAO_TOKEN, the token helper that ~/.vault (VAULT_CONFIG_PATH) names, ~/.vault-token; the first
// that is not empty. Code::not_found.
Result<Secret> find_vault_token(const Env& env);

// The program of a line  token_helper = "PATH"  of Vault's configuration; "" when there is none.
std::string token_helper_of(std::string_view configuration);

}  // namespace sigstore::keys
