#include "server/host/guard.h"

namespace server::host {
namespace {

Response unauthorized(const std::string& realm) {
  Response response{.status = 401};
  response.headers.add("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
  response.headers.add("Content-Type", "application/json");
  response.text = std::make_shared<const std::string>(
      R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})");
  return response;
}

}  // namespace

Role guarded(Role role, Htpasswd& users, std::string realm) {
  return [role = std::move(role), &users, realm = std::move(realm)](const Request& request) {
    auto known = users.user_of(request.headers->get("Authorization").value_or(""));
    if (!known) return unauthorized(realm);
    Request admitted = request;
    admitted.user = *known;
    Response response = role(admitted);
    response.user = *std::move(known);
    return response;
  };
}

}  // namespace server::host
