// The few requests of the Kubernetes API that keys need (core/v1, Secrets).
#pragma once

#include <optional>

#include "sigstore/keys/k8s/internal/access.h"
#include "sigstore/keys/k8s/internal/secret_object.h"
#include "sigstore/keys/provider.h"
#include "sigstore/remote/service/service.h"

namespace sigstore::keys::k8s {

// Errors: those of service.h, in the words of people who look for a secret; not_found for no such secret or
// namespace; conflict when somebody else made or changed it meanwhile.
class SecretsApi {
 public:
  // The cluster that is configured: errors of find_access(). Nothing is asked yet.
  static Result<SecretsApi> open(const Context& context);

  Result<KeySecret> read(const SecretName& name);
  Result<std::optional<KeySecret>> look(const SecretName& name);  // nothing when it is not there
  Result<void> create(const SecretName& name, codec::json::Value secret);
  Result<void> replace(const SecretName& name, codec::json::Value secret);

 private:
  SecretsApi(remote::Service service, std::string who, std::string withheld)
      : service_(std::move(service)), who_(std::move(who)), withheld_(std::move(withheld)) {}
  Result<KeySecret> get(const SecretName& name);
  Result<codec::json::Value> ask(const SecretName& name, const std::string& verb,
                                 remote::ServiceRequest request);

  remote::Service service_;
  std::string who_;
  std::string withheld_;  // of Access
};

}  // namespace sigstore::keys::k8s
