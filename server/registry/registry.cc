#include "server/registry/registry.h"

#include "server/registry/reply.h"

namespace server::registry {

host::Response Registry::handle(const host::Request& request) {
  auto route = parse_route(request.target);
  Answer answer = route ? dispatch(request, *route) : std::unexpected(route.error());
  if (!answer && !answer.error().trouble.empty() && options_.trouble)
    options_.trouble(answer.error().trouble);
  host::Response response = answer ? std::move(*answer) : to_response(answer.error());
  if (!route) return response;
  response.route = name_of(route->kind);
  response.repository = std::move(route->repository);
  return response;
}

Answer Registry::dispatch(const host::Request& request, const Route& route) {
  switch (route.kind) {
    case Route::Kind::manifest:
      return manifest(request, route);
    case Route::Kind::blob:
      return blob(request, route);
    case Route::Kind::upload:
      return upload(request, route);
    case Route::Kind::uploads:
      if (request.method == "POST") return start_upload(request, route);
      return not_here(request, "POST");
    default:
      if (request.reads()) return list(route);
      return not_here(request, "GET, HEAD");
  }
}

Answer Registry::list(const Route& route) {
  switch (route.kind) {
    case Route::Kind::catalogue:
      return list_repositories(route);
    case Route::Kind::tags:
      return list_tags(route);
    case Route::Kind::referrers:
      return list_referrers(route);
    default:
      return text_response(
          200, {{"Docker-Distribution-Api-Version", "registry/2.0"}, {"Content-Type", "application/json"}},
          "{}");
  }
}

}  // namespace server::registry
