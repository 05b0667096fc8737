// What a key plugin answers, read as the answer to each call: what comes of it is whole and bounded, and all
// else is one error.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/keys/plugin/protocol.h"

namespace {

namespace plugin = sigstore::keys::plugin;
using sigstore::Code;

void need(bool holds) {
  if (!holds) std::abort();
}

template <typename T>
bool came(const sigstore::Result<T>& result) {
  if (result) return true;
  const auto& error = result.error();
  need(error.code == Code::malformed || error.code == Code::unsupported || error.code == Code::io);
  need(error.message.find("sigstore-kms-fuzz") != std::string::npos && !error.cause.empty());
  need(error.cause.find_first_of("\n\r\x1b") == std::string::npos && error.cause.size() < 8000);
  return false;
}

void check_key(const sigstore::Result<sigstore::crypto::PublicKey>& key) {
  if (came(key)) need(sigstore::crypto::PublicKey::from_pem(key->pem(), "again") == *key);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = sigstore::as_text({data, size});
  const plugin::Expected expected{"sigstore-kms-fuzz", "the plugin sigstore-kms-fuzz cannot do it"};
  check_key(plugin::read_public_key(answer, expected));
  check_key(plugin::read_created_key(answer, expected));
  if (const auto signature = plugin::read_signature(answer, expected); came(signature))
    need(!signature->empty() && signature->size() <= sigstore::limits::signature_bytes);
  if (const auto algorithm = plugin::read_default_algorithm(answer, expected); came(algorithm))
    need(!algorithm->empty() && algorithm->size() < 1000);
  return 0;
}
