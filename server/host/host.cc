#include "server/host/host.h"

#include <thread>

#include "server/host/request_id.h"

namespace server::host {

using namespace sigstore;

namespace {

class BodyReader final : public FileReader {
 public:
  explicit BodyReader(net::Exchange& exchange) : exchange_(exchange) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    auto got = exchange_.read(out);
    passed_ += got.value_or(0);
    return got;
  }
  [[nodiscard]] std::uint64_t passed() const { return passed_; }

 private:
  net::Exchange& exchange_;
  std::uint64_t passed_ = 0;
};

// One request, from its first line to the last byte of the answer.
class Serving {
 public:
  Serving(const Env& env, const Observers& observers, net::Exchange& exchange, std::string id)
      : observers_(observers), exchange_(exchange) {
    served_ = {.time = env.clock->now(),
               .started = env.clock->steady(),
               .id = std::move(id),
               .method = exchange.method(),
               .target = exchange.target(),
               .peer = exchange.peer(),
               .headers = &exchange.headers(),
               .encrypted = exchange.encrypted()};
    for (Observer* observer : observers_) observer->began();
  }
  Serving(const Serving&) = delete;
  ~Serving() {
    for (Observer* observer : observers_) observer->ended();
  }

  void run(const Role& role) {
    BodyReader body(exchange_);
    Response response = role(Request{.method = exchange_.method(),
                                     .target = exchange_.target(),
                                     .headers = &exchange_.headers(),
                                     .content_length = exchange_.content_length(),
                                     .body = &body,
                                     .user = exchange_.client_name(),
                                     .peer = exchange_.peer(),
                                     .encrypted = exchange_.encrypted()});
    served_.received = body.passed();
    served_.status = response.status;
    served_.route = response.route;
    served_.user = std::move(response.user);
    if (served_.user.empty()) served_.user = exchange_.client_name();
    served_.repository = std::move(response.repository);
    if (response.status >= 400) response.headers.set("X-Request-Id", served_.id);
    send(std::move(response));
  }

 private:
  // The errors of respond() are the client's going away: there is nobody left to tell.
  void send(Response response) {
    const bool head = exchange_.method() == "HEAD";
    if (!response.source || head) {
      note(observers_, served_, head ? 0 : response.size());
      if (response.source) response.headers.set("Content-Length", std::to_string(response.length));
      const auto body = response.text && !response.source ? std::string_view(*response.text) : "";
      (void)exchange_.respond(response.status, response.headers, body);
      return;
    }
    if (!observers_.empty())
      response.source = watched(std::move(response.source), response.length, observers_, std::move(served_));
    (void)exchange_.respond(response.status, response.headers, *response.source, response.length);
  }

  const Observers& observers_;
  net::Exchange& exchange_;
  Served served_;
};

}  // namespace

net::Handler make_handler(const Env& env, Observers observers, Role role) {
  struct Parts {
    Env env;
    Observers observers;
    Role role;
    RequestIds ids;
  };
  const std::shared_ptr<Parts> parts(
      new Parts{env, std::move(observers), std::move(role), RequestIds(*env.random)});
  return [parts](net::Exchange& exchange) {
    Serving(parts->env, parts->observers, exchange, parts->ids.next()).run(parts->role);
  };
}

Result<std::vector<std::string>> Host::listen(const std::vector<net::ListenerOptions>& places,
                                              const Observers& observers, const Role& role) {
  const auto handler = make_handler(env_, observers, role);
  std::vector<std::string> addresses;
  for (const auto& place : places) {
    TRY(auto listener, net::Listener::start(place, handler));
    addresses.push_back(listener->address());
    listeners_.push_back(std::move(listener));
  }
  return addresses;
}

void Host::wait(const std::function<void()>& every_minute) const {
  while (env_.clock->sleep(std::chrono::minutes(1)))
    if (every_minute) every_minute();
}

void Host::stop(std::chrono::milliseconds grace) {
  std::vector<std::jthread> stopping;
  stopping.reserve(listeners_.size());
  for (const auto& listener : listeners_)
    stopping.emplace_back([&listener, grace] { listener->stop(grace); });
  stopping.clear();
  listeners_.clear();
}

}  // namespace server::host
