// Not now: what a client has to ask again for.
#include <mutex>
#include <set>

#include "server/registry/play/asked.h"
#include "server/registry/play/groups.h"

namespace server::registry::play {
namespace {

using KindOfRequest = std::pair<std::string, int>;  // method and Route::Kind

host::Response too_many() {
  host::Response response = refusal(429, "TOOMANYREQUESTS", "too many requests");
  response.headers.set("Retry-After", "1");
  return response;
}

host::Role too_many_requests(host::Role role, const Stage&) {
  struct Seen {
    std::mutex mutex;
    std::set<KindOfRequest> kinds;
  };
  return [role = std::move(role), seen = std::make_shared<Seen>()](const host::Request& request) {
    const Asked asked(request);
    const KindOfRequest kind(request.method, asked.route ? static_cast<int>(asked.route->kind) : -1);
    std::unique_lock lock(seen->mutex);
    const bool first = seen->kinds.insert(kind).second;
    lock.unlock();
    return first ? too_many() : role(request);
  };
}

host::Role always_busy(host::Role, const Stage&) {
  return [](const host::Request&) { return too_many(); };
}

}  // namespace

std::vector<Quirk> busy_quirks() {
  return {
      {"too-many-requests", "the first request of each kind is 429 with Retry-After",
       "Docker Hub, Amazon ECR, Azure Container Registry", too_many_requests},
      {"always-busy", "every request is 429", "Docker Hub, once its limit is used up", always_busy},
  };
}

}  // namespace server::registry::play
