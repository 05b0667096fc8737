// What an API server, or an exec plugin, answers: a Secret that is written over itself keeps what it had.
#include <cstdlib>

#include "sigstore/keys/k8s/internal/exec_plugin.h"
#include "sigstore/keys/k8s/internal/secret_object.h"

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace k8s = sigstore::keys::k8s;
  const auto text = sigstore::as_text({data, size});
  const auto credential = k8s::parse_exec_credential(text, "client.authentication.k8s.io/v1", "plugin");
  if (credential) need(credential->certificate.text.empty() == credential->key.text.empty());
  auto value = sigstore::codec::json::parse(text, "fuzz");
  if (!value) return 0;
  const k8s::SecretName name{"default", "cosign"};
  const auto secret = k8s::parse_secret(std::move(*value), name);
  if (!secret) {
    need(!secret.error().message.empty() && secret.error().code != sigstore::Code::internal);
    return 0;
  }
  auto again = k8s::parse_secret(k8s::write_secret(name, &*secret, "KEY", "PUB", nullptr), name);
  need(again.has_value() && again->private_pem == "KEY" && again->public_pem == "PUB");
  need(!again->password && again->immutable);
  return 0;
}
