// What is read is written so that it is read again as the same value, within its bounds.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"
#include "sigstore/trust/trusted_root.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto root = trust::TrustedRoot::parse(as_text({data, size}), "fuzz");
  if (!root) {
    require(!root.error().message.empty());
    return 0;
  }
  for (const auto* logs : {&root->tlogs, &root->ctlogs}) {
    require(logs->size() <= limits::trusted_parties);
    for (const auto& log : *logs) {
      require(!log.log_id.empty() && !log.raw_key.empty() && log.valid.start.has_value());
      (void)log.key();
      (void)log.origin();
    }
  }
  for (const auto* authorities : {&root->certificate_authorities, &root->timestamp_authorities})
    for (const auto& authority : *authorities)
      require(!authority.chain.empty() && authority.chain.size() <= limits::certificates);
  const auto again = trust::TrustedRoot::parse(root->write(), "written");
  require(again.has_value() && *again == *root && again->write() == root->write());
  return 0;
}
