// Tokens: none is read that was not issued, whatever is asked for in one that was.
#include <cstdlib>

#include "server/host/token.h"
#include "sigstore/base/bytes.h"

namespace {

class StoppedClock final : public sigstore::Clock {
 public:
  sigstore::Time now() const override { return {}; }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
  sigstore::Result<void> sleep(sigstore::Duration) override { return {}; }
};

class Sevens final : public sigstore::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = 7;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace server::host;
  const StoppedClock clock;
  Sevens random;
  const Tokens tokens(clock, random, "service");
  const auto text = sigstore::as_text({data, size});
  if (tokens.read(text)) std::abort();
  const Claims claims{"dev", "stamp", parse_scopes(text)};
  const auto read = tokens.read(tokens.issue(claims));
  if (!read || read->user != "dev" || read->stamp != "stamp" || read->access != claims.access) std::abort();
  return 0;
}
