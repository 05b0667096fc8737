#include "server/registry/needs.h"

#include "server/registry/route.h"

namespace server::registry {
namespace {

std::string action_of(const host::Request& request, Route::Kind kind) {
  if (request.reads()) return "pull";
  const bool stored = kind == Route::Kind::manifest || kind == Route::Kind::blob;
  return request.method == "DELETE" && stored ? "delete" : "push";
}

}  // namespace

host::Grants needs(const host::Request& request) {
  const auto route = parse_route(request.target);
  if (!route || route->repository.empty()) return {};
  host::Grants grants = {{"repository", route->repository, {action_of(request, route->kind)}}};
  const bool may_mount = route->kind == Route::Kind::uploads && route->query.find("mount") != nullptr;
  const std::string* from = may_mount ? route->query.find("from") : nullptr;
  if (from != nullptr && is_repository_name(*from)) grants.push_back({"repository", *from, {"pull"}});
  return grants;
}

}  // namespace server::registry
