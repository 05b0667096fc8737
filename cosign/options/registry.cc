#include "cosign/options/registry.h"

namespace cosign {

void RegistryFlags::declare(FlagSet& flags) {
  flags.boolean("allow-http-registry", &allow_http,
                "use plain HTTP where a registry has no TLS; for tests only");
  flags.boolean("allow-insecure-registry", &allow_insecure,
                "do not check the registry's TLS certificate; for tests only");
  flags.text("registry-username", &username, "NAME", "user for the registry; needs --registry-password");
  flags.text("registry-password", &password, "TEXT", "password for the registry (better: cosign login)");
  flags.text("registry-token", &token, "TOKEN", "bearer token for the registry, sent as it is");
  flags.text("registry-cacert", &cacert, "FILE", "PEM file of the CAs to trust instead of the system's");
  flags.text("registry-client-cert", &client_cert, "FILE", "PEM client certificate for the registry");
  flags.text("registry-client-key", &client_key, "FILE", "PEM key of --registry-client-cert");
  flags.text("registry-server-name", &server_name, "NAME",
             "name that the registry's certificate must be for");
  flags.boolean("k8s-keychain", &k8s_keychain, "credentials from the cloud's keychain; not in this version")
      .section = Section::compatibility;
  flags.text("attachment-tag-prefix", &attachment_tag_prefix, "PREFIX", "prefix of the .sig tag").section =
      Section::compatibility;
}

}  // namespace cosign
