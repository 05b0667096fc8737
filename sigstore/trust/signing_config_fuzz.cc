// What is read is written so that it is read again as the same value, within its bounds.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"
#include "sigstore/trust/signing_config.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = trust::SigningConfig::parse(as_text({data, size}), "fuzz");
  if (!config) {
    require(!config.error().message.empty());
    return 0;
  }
  const auto again = trust::SigningConfig::parse(config->write(), "written");
  require(again.has_value() && *again == *config && again->write() == config->write());
  const Time at{std::chrono::hours(24 * 365 * 55)};
  const auto& services = config->rekor_tlog_urls;
  const auto chosen = trust::choose(services, config->rekor_tlog_config, {1, 2}, at);
  if (chosen) {
    require(!chosen->empty() && chosen->size() <= services.size());
    for (const auto& service : *chosen)
      require(service.valid.contains(at) && service.major_api_version == chosen->front().major_api_version);
  }
  return 0;
}
