// The encrypted key file's form, without its scrypt: what is read is written back as the same value.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "sigstore/keys/file/internal/sealed_key.h"

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace keys = sigstore::keys::internal;
  const auto key = keys::parse_sealed_key(sigstore::as_text({data, size}), "fuzz");
  if (!key) {
    need(!key.error().message.empty() && key.error().code != sigstore::Code::internal);
    return 0;
  }
  constexpr std::array<std::uint64_t, 3> costs = {32768, 65536, 131072};
  need(std::ranges::find(costs, key->cost.n) != costs.end() && key->cost.r == 8 && key->cost.p == 1);
  need(key->nonce.size() == 24 && key->ciphertext.size() >= 16);
  need(keys::parse_sealed_key(keys::write_sealed_key(*key), "again") == *key);
  return 0;
}
