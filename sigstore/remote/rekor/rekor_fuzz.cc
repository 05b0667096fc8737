// Whatever a log answers: entries that are taken stand under the hash of their own body, and keep the bounds.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/remote/rekor/rekor.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = codec::json::parse(as_text({data, size}), "the answer");
  if (!answer) return 0;
  const auto entries = remote::read_rekor_entries(*answer);
  if (!entries) {
    require(!entries.error().message.empty());
    return 0;
  }
  require(entries->size() <= limits::tlog_entries);
  for (const auto& entry : *entries) {
    require(!entry.signed_entry_timestamp.empty() && !entry.body.empty() && entry.log_id.size() == 32);
    require(!entry.proof || entry.proof->hashes.size() <= limits::proof_hashes);
  }
  return 0;
}
