// A key pair as a Secret of Kubernetes keeps it: `cosign.key`, `cosign.pub` and `cosign.password` of its data
// (base64 over the bytes of each). See docs/formats/kubernetes-secret.md.
#pragma once

#include <optional>
#include <string>

#include "sigstore/base/secret.h"
#include "sigstore/codec/json.h"

namespace sigstore::keys::k8s {

// k8s://NAMESPACE/NAME
struct SecretName {
  std::string space, name;

  // Code::not_mine for another kind of reference, invalid_argument for names that cannot be.
  static Result<SecretName> parse(const std::string& reference);
  [[nodiscard]] std::string text() const { return space + "/" + name; }
  [[nodiscard]] std::string collection() const { return "/api/v1/namespaces/" + space + "/secrets"; }
  [[nodiscard]] std::string path() const { return collection() + "/" + name; }
  friend bool operator==(const SecretName&, const SecretName&) = default;
};

struct KeySecret {
  std::optional<std::string> private_pem, public_pem;  // what is not in it
  std::optional<Secret> password;
  bool immutable = false;
  codec::json::Value object;  // all of it, as the server gave it
};

// What the API server answered. Code::malformed when it is no Secret of that name, or no base64.
Result<KeySecret> parse_secret(codec::json::Value answer, const SecretName& name);

// One to be made or, over `there`, to be replaced: what else is in that stays, and it is replaced only if
// nobody changed it since. Without `password` none is in it, also none that was.
codec::json::Value write_secret(const SecretName& name, const KeySecret* there,
                                const std::string& private_pem, const std::string& public_pem,
                                const Secret* password);

}  // namespace sigstore::keys::k8s
