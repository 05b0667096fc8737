// How the API server of the chosen cluster is reached, and as whom: from a kubeconfig, or as the pod that
// this runs in.
#pragma once

#include <string>

#include "sigstore/base/env.h"
#include "sigstore/keys/k8s/internal/kubeconfig.h"
#include "sigstore/net/transport.h"

namespace sigstore::keys::k8s {

struct Access {
  std::string name;  // "Kubernetes at https://127.0.0.1:6443"
  std::string who;   // "user dev of /home/dev/.kube/config", "the pod's service account"; never empty
  net::Url server;
  net::TlsOptions tls;
  std::string scheme;  // "Bearer ", "Basic "
  Secret token;        // empty: none is sent
  net::Headers acting_as;
  std::string tls_hint, address_hint;
  std::string withheld;  // whose credentials are not sent, as the server is http://; empty: nobody's
};

// What a user of a kubeconfig, or a program, authenticates with.
struct Credentials {
  std::string scheme = "Bearer ";
  Secret token;
  net::TlsPem::Part certificate, key;
};

// Reads the kubeconfig and what it names; runs its exec plugin, if it has one. Without any, the service
// account of the pod. Code::not_found with a hint when there is neither; anything else of kubeconfig.h, of
// exec_plugin.h, and io for a file that cannot be read.
Result<Access> find_access(const Env& env);

}  // namespace sigstore::keys::k8s
