// One cluster and one user of a kubeconfig.
#pragma once

#include "sigstore/keys/k8s/internal/kubeconfig.h"

namespace sigstore::keys::k8s {

// `folder` is where paths start that are not absolute: "" or ends with '/'.
Result<Cluster> parse_cluster(const codec::json::Object& object, const std::string& place,
                              const std::string& folder);
Result<User> parse_user(const codec::json::Object& object, const std::string& place,
                        const std::string& folder);

}  // namespace sigstore::keys::k8s
