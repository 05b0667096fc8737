// Servers in memory: what is asked is kept, and answered by what the test has arranged for it. Thread-safe.
//
//   net::testing::ScriptedTransport transport;
//   transport.on("GET https://r.example/v2/", answer(401, {{"WWW-Authenticate", "Basic realm=\"r\""}}));
//   transport.on("GET https://r.example/v2/", answer(200));   // from the second time on
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/net/transport.h"

namespace sigstore::net::testing {

Response answer(int status, Headers headers = {}, std::string body = {});

class ScriptedTransport final : public Transport {
 public:
  using Handler = std::function<Result<Response>(const Request&)>;

  // `target` is METHOD, a blank and the URL with its query. One ending in '*' stands for all that begin so;
  // an exact one wins, then the longest. Several for one target are taken in turn, the last for ever.
  void on(const std::string& target, Handler handler);
  void on(const std::string& target, Response response);
  void on(const std::string& target, Error error);
  void set_deadline(std::chrono::steady_clock::time_point deadline) { deadline_ = deadline; }

  // As the real one bounds it: Code::too_large above max_body, 4xx and 5xx bodies are cut, HEAD has none.
  // What nothing was arranged for is Code::unreachable. A source is read, and kept as the body.
  Result<Response> send(const Request& request, const BodySink* sink = nullptr) override;
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const override {
    return deadline_;
  }

  [[nodiscard]] std::vector<Request> requests() const;
  // "METHOD URL" of each request, in order.
  [[nodiscard]] std::vector<std::string> log() const;
  [[nodiscard]] std::size_t count(std::string_view target) const;  // as for on()
  // The last request for a target; ends the test with a message when there was none.
  [[nodiscard]] Request last(std::string_view target) const;
  void forget();  // the log, not what was arranged

 private:
  struct Script {
    std::vector<Handler> handlers;
    std::size_t next = 0;
  };
  [[nodiscard]] Handler handler_for(const std::string& line);

  mutable std::mutex mutex_;
  std::map<std::string, Script, std::less<>> scripts_;
  std::vector<Request> requests_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

// For whoever wants a transport of its own: passes on to one that outlives it.
std::unique_ptr<Transport> lend(Transport& transport);

}  // namespace sigstore::net::testing
