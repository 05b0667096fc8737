// Reading, who is delegated to, and under which names files go.
#include <algorithm>

#include "sigstore/tuf/internal/delegation.h"
#include "sigstore/tuf/testing/fuzz_metadata.h"
#include "sigstore/tuf/updater.h"

using namespace sigstore;
using namespace sigstore::tuf;
using testing::require;

namespace {

void check_delegations(const Delegations& delegations, const std::string& path) {
  testing::check_keys(delegations.keys);
  const auto delegates = internal::delegates_of(delegations, path);
  for (const auto& delegate : delegates) {
    testing::check_role(*delegate.role);
    const std::string file = metadata_file(delegate.name);
    require(!delegate.name.empty() && file.ends_with(".json") && file.size() > 5);
    require(file.find_first_of("/\\?#") == std::string::npos);
    require(!delegate.terminating || &delegate == &delegates.back());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = parse_targets(as_text({data, size}), "fuzz");
  const Targets* targets = testing::check_read(read, parse_targets);
  if (targets == nullptr) return 0;
  for (const auto& [path, target] : targets->targets) {
    require(!target.hashes.empty());
    require(target_file(path, target, false) == path);
    const std::string file = target_file(path, target, true);
    require(file.substr(0, path.rfind('/') + 1) == path.substr(0, path.rfind('/') + 1));
    require(std::ranges::count(file, '/') == std::ranges::count(path, '/'));
    (void)check_target(target, "content", path);
  }
  if (!targets->delegations) return 0;
  check_delegations(*targets->delegations, "delegatedrole/artifact");
  for (const auto& [path, target] : targets->targets) check_delegations(*targets->delegations, path);
  return 0;
}
