#include "cosign/options/implied_registry.h"

namespace cosign {

sigstore::Error explain_registry(sigstore::Error error, const sigstore::oci::Reference& reference,
                                 const std::string& own_registry) {
  if (!reference.registry_implied) return error;
  const std::string registry = own_registry.empty() ? "registry.example.com" : own_registry;
  const std::string meant = "docker.io/" + reference.repository.path;
  const std::string note = reference.typed + " names no registry, so it means " + meant + " on Docker Hub";
  error.cause = error.cause.empty() ? note : note + "; " + error.cause;
  error.hint = "if it is in a registry of your own, name it: " + registry + "/" + reference.typed +
               (error.hint.empty() ? "" : "\n" + error.hint);
  return error;
}

}  // namespace cosign
