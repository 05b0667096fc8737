// A file of users, and who comes in without a password: nobody.
#include <cstdlib>

#include "server/host/htpasswd.h"
#include "sigstore/base/bytes.h"

namespace {

class Zeros final : public sigstore::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = 0;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Zeros random;
  const auto users = server::host::Htpasswd::parse(sigstore::as_text({data, size}), random);
  if (!users) {
    if (users.error().code != sigstore::Code::malformed) std::abort();
    return 0;
  }
  // Costly hashes are passed over: this is about the file, not about bcrypt.
  if ((*users)->remembers({"x", sigstore::Secret("x")})) std::abort();
  const auto hash = (*users)->hash_of("x");
  if (hash && hash->size() != 60) std::abort();
  return 0;
}
