#include "server/host/host.h"

namespace server::host {

using namespace sigstore;

namespace {

class BodyReader final : public FileReader {
 public:
  explicit BodyReader(net::Exchange& exchange) : exchange_(exchange) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override { return exchange_.read(out); }

 private:
  net::Exchange& exchange_;
};

// The errors of respond() are the client's going away: there is nobody left to tell.
void send(net::Exchange& exchange, Response response, const Observers& observers, Served served) {
  served.status = response.status;
  served.user = response.user.empty() ? exchange.client_name() : std::move(response.user);
  bool head = exchange.method() == "HEAD";
  if (!response.source || head) {
    note(observers, served, head ? 0 : response.size());
    if (response.source) response.headers.set("Content-Length", std::to_string(response.length));
    auto body = response.text && !response.source ? std::string_view(*response.text) : std::string_view();
    (void)exchange.respond(response.status, response.headers, body);
    return;
  }
  if (!observers.empty())
    response.source = watched(std::move(response.source), response.length, observers, std::move(served));
  (void)exchange.respond(response.status, response.headers, *response.source, response.length);
}

Response answer(net::Exchange& exchange, const Role& role) {
  BodyReader body(exchange);
  return role(Request{.method = exchange.method(),
                      .target = exchange.target(),
                      .headers = &exchange.headers(),
                      .content_length = exchange.content_length(),
                      .body = &body,
                      .user = exchange.client_name(),
                      .peer = exchange.peer(),
                      .encrypted = exchange.encrypted()});
}

}  // namespace

net::Handler make_handler(const Clock& clock, const HostOptions& options, Role role) {
  return [&clock, observers = options.observers, role = std::move(role)](net::Exchange& exchange) {
    Served served{.time = clock.now(),
                  .started = clock.steady(),
                  .method = exchange.method(),
                  .path = exchange.target(),
                  .peer = exchange.peer()};
    send(exchange, answer(exchange, role), observers, std::move(served));
  };
}

Result<void> serve(const Env& env, const HostOptions& options, Role role,
                   const std::function<void(const std::string& address)>& listening) {
  TRY(auto listener,
      net::Listener::start(options.listener, make_handler(*env.clock, options, std::move(role))));
  listening(listener->address());
  while (env.clock->sleep(std::chrono::minutes(1)))
    if (options.every_minute) options.every_minute();
  listener->stop(options.grace);
  return {};
}

}  // namespace server::host
