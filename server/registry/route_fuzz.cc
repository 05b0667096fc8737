// A request's target: whatever is taken for a repository or a tag can be a part of a path of ours.
#include <cstdlib>

#include "server/registry/route.h"
#include "sigstore/base/bytes.h"

using namespace server::registry;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view target = sigstore::as_text({data, size});
  const auto route = parse_route(target);
  if (!route) {
    require(route.error().status == 404 || route.error().status == 400);
    return 0;
  }
  require(target.starts_with("/v2"));
  const bool has_name = route->kind != Route::Kind::base && route->kind != Route::Kind::catalogue;
  require(is_repository_name(route->repository) == has_name);
  require(route->repository.find("..") == std::string::npos);
  require(route->repository.find('%') == std::string::npos);
  if (is_tag(route->last)) require(route->last.find_first_of("/:%\\") == std::string::npos);
  const std::string* n = route->query.find("n");
  const auto all = route->query.all("n");
  require(n == nullptr ? all.empty() : !all.empty() && all.front() == *n);
  require(n == nullptr || target.find('?') != std::string_view::npos);
  return 0;
}
