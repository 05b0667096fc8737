// Scopes: what was understood is written as the same scopes again, and covers itself.
#include <cstdlib>

#include "server/host/grant.h"
#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace server::host;
  const Grants grants = parse_scopes(sigstore::as_text({data, size}));
  if (grants.size() > sigstore::limits::scopes) std::abort();
  if (parse_scopes(scope_text(grants)) != grants) std::abort();
  if (!covers(grants, grants)) std::abort();
  for (const Grant& grant : grants)
    if (!grant.actions.empty() && covers({}, {grant})) std::abort();
  return 0;
}
