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

sigstore::Error explain_tag(sigstore::Error error, const sigstore::oci::Reference& reference) {
  if (!reference.tag_implied || error.code != sigstore::Code::not_found) return error;
  // A repository that is missing, or a signature, is no matter of the tag.
  if (!error.message.starts_with("tag " + reference.tag_or_digest() + " of ")) return error;
  const std::string note = reference.typed + " names no tag, so " + reference.tag_or_digest() + " was taken";
  error.cause = error.cause.empty() ? note : note + "; " + error.cause;
  if (error.hint.empty()) error.hint = "name the tag: " + reference.typed + ":TAG";
  return error;
}

}  // namespace cosign
