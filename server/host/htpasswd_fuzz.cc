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
  for (const char* header : {"", "Basic", "Basic ", "Basic =", "Bearer eA==", "Basic eA=="})  // "x", no colon
    if ((*users)->user_of(header)) std::abort();
  return 0;
}
