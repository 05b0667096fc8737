#include "server/host/health.h"

#include <mutex>

#include "sigstore/codec/json.h"

namespace server::host {

using namespace sigstore;

namespace {

constexpr auto lasts = std::chrono::seconds(1);  // what was found, so that many askers cost no more than one

class Health {
 public:
  Health(const Clock& clock, HealthOptions options) : clock_(clock), options_(std::move(options)) {}

  // Empty, or why it does not work.
  std::string reason() {
    const std::lock_guard lock(mutex_);
    if (!checked_ || clock_.steady() - *checked_ >= lasts) {
      check();
      checked_ = clock_.steady();
    }
    return reason_;
  }

 private:
  // The error itself names folders of this machine.
  void check() {
    const auto works = options_.check();
    const bool worked = reason_.empty();
    reason_ = works                                   ? ""
              : works.error().code == Code::disk_full ? "the storage is full"
                                                      : "the storage cannot be used";
    if (works || !worked || !options_.trouble) return;
    options_.trouble("not healthy: " + works.error().text());
  }

  const Clock& clock_;
  const HealthOptions options_;
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> checked_;
  std::string reason_;
};

Response answer(const std::string& reason) {
  codec::json::Object document{{"status", reason.empty() ? "ok" : "unavailable"}};
  if (!reason.empty()) document.set("reason", reason);
  Response response{.status = reason.empty() ? 200 : 503,
                    .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
                    .route = "health"};
  response.text = std::make_shared<const std::string>(codec::json::write(std::move(document)) + "\n");
  return response;
}

}  // namespace

Role with_health(Role role, const Clock& clock, HealthOptions options) {
  auto health = std::make_shared<Health>(clock, std::move(options));
  return [role = std::move(role), health](const Request& request) {
    if (request.path() != "/healthz") return role(request);
    if (request.reads()) return answer(health->reason());
    return Response{.status = 405, .headers = {{"Allow", "GET, HEAD"}}, .route = "health"};
  };
}

}  // namespace server::host
