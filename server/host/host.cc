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

Response unauthorized(const std::string& realm) {
  Response response{.status = 401};
  response.headers.add("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
  response.headers.add("Content-Type", "application/json");
  response.text = std::make_shared<const std::string>(
      R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})");
  return response;
}

// The errors of respond() are the client's going away: there is nobody left to tell.
void send(net::Exchange& exchange, Response response, const AccessLog* log, LogEntry entry) {
  entry.status = response.status;
  bool head = exchange.method() == "HEAD";
  if (!response.source || head) {
    if (log) log->write(entry, head ? 0 : response.size());
    if (response.source) response.headers.set("Content-Length", std::to_string(response.length));
    auto body = response.text && !response.source ? std::string_view(*response.text) : std::string_view();
    (void)exchange.respond(response.status, response.headers, body);
    return;
  }
  if (log) response.source = log->watch(std::move(response.source), response.length, std::move(entry));
  (void)exchange.respond(response.status, response.headers, *response.source, response.length);
}

Response answer(net::Exchange& exchange, const HostOptions& options, const Role& role, std::string& user) {
  if (options.users) {
    auto known = options.users->user_of(exchange.headers().get("Authorization").value_or(""));
    if (!known) return unauthorized(options.realm);
    user = *std::move(known);
  }
  BodyReader body(exchange);
  return role(Request{.method = exchange.method(),
                      .target = exchange.target(),
                      .headers = &exchange.headers(),
                      .content_length = exchange.content_length(),
                      .body = &body,
                      .user = user});
}

}  // namespace

net::Handler make_handler(const Clock& clock, const HostOptions& options, Role role) {
  return [&clock, options, role = std::move(role)](net::Exchange& exchange) {
    LogEntry entry{.time = clock.now(),
                   .started = clock.steady(),
                   .method = exchange.method(),
                   .path = exchange.target(),
                   .peer = exchange.peer()};
    auto response = answer(exchange, options, role, entry.user);
    send(exchange, std::move(response), options.log, std::move(entry));
  };
}

Result<void> serve(const Env& env, const HostOptions& options, Role role,
                   const std::function<void(const std::string& address)>& listening) {
  TRY(auto listener,
      net::Listener::start(options.listener, make_handler(*env.clock, options, std::move(role))));
  listening(listener->address());
  while (env.clock->sleep(std::chrono::hours(1))) {
  }
  listener->stop(options.grace);
  return {};
}

}  // namespace server::host
