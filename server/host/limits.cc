#include "server/host/limits.h"

#include "server/host/error_body.h"

namespace server::host {

using sigstore::Code;

Role read_only(Role role) {
  return [role = std::move(role)](const Request& request) {
    if (request.reads()) return role(request);
    Response response = error_response(405, "UNSUPPORTED", "this registry is read-only");
    response.headers.add("Allow", "GET, HEAD");
    return response;
  };
}

Role sized(Role role, std::function<sigstore::Result<void>(std::uint64_t bytes)> admit) {
  return [role = std::move(role), admit = std::move(admit)](const Request& request) {
    const auto admitted = admit(request.content_length.value_or(0));
    if (admitted) return role(request);
    if (admitted.error().code == Code::too_large)
      return error_response(413, "SIZE_INVALID", admitted.error().message);
    return error_response(507, "STORAGE_FULL", "there is no room left");
  };
}

}  // namespace server::host
