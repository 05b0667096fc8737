// A line of the journal: what is read is written again as the same. So that the checksum is no wall to the
// fuzzer, a line that lacks a right one gets it.
#include <cstdlib>

#include "server/registry/journal_line.h"
#include "sigstore/base/bytes.h"
#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"

using namespace server::registry;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string with_checksum(std::string_view text) {
  const auto hash = sigstore::crypto::sha256(sigstore::as_bytes(text));
  return sigstore::codec::hex::encode(hash).substr(0, 16) + " " + std::string(text);
}

void check(std::string_view text) {
  const auto line = parse_line(text);
  if (!line) return;
  const auto written = write_line(*line);
  if (!written) return;  // e.g. a number that is written in another way
  require(written->ends_with('\n') && written->find('\n') == written->size() - 1);
  const auto again = parse_line(std::string_view(*written).substr(0, written->size() - 1));
  require(again.has_value() && *again == *line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = sigstore::as_text({data, size});
  check(text);
  check(with_checksum(text));
  return 0;
}
