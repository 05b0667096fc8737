// An old bundle or a log entry that is accepted keeps its bounds, and the entry is read from its own form
// again.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/old_bundle.h"

using namespace sigstore;
using namespace sigstore::bundle;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_entry(const std::string& entry) {
  const auto again = read_log_entry(entry);
  require(again.has_value() && *again == entry);
  const auto signature = signature_in_log_entry(entry);
  require(signature || !signature.error().message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto entry = read_log_entry(text)) check_entry(*entry);
  const auto old = parse_old_bundle(text);
  if (!old) {
    require(!old.error().message.empty());
    return 0;
  }
  require(!old->signature.empty() && old->certificates.size() <= limits::certificates);
  require(old->public_key.empty() || old->certificates.empty());
  if (!old->log_entry.empty()) check_entry(old->log_entry);
  return 0;
}
