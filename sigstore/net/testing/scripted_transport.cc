#include "sigstore/net/testing/scripted_transport.h"

#include <algorithm>
#include <stdexcept>

namespace sigstore::net::testing {
namespace {

std::string line_of(const Request& request) {
  return request.method + " " + request.url.text();
}

bool fits(std::string_view target, std::string_view line) {
  if (!target.ends_with('*')) return target == line;
  return line.starts_with(target.substr(0, target.size() - 1));
}

Result<Response> bounded(const Request& request, Response response) {
  if (request.method == "HEAD") response.body.clear();
  const bool refused = response.status >= 400;
  if (refused && response.body.size() > limits::error_body_bytes)
    response.body.resize(limits::error_body_bytes);
  if (!refused && response.body.size() > request.max_body)
    return fail(Code::too_large, "the answer of " + request.url.authority() + " is too large");
  return response;
}

Result<Request> with_its_body(Request request) {
  if (!request.source) return request;
  TRY(const auto reader, request.source->open());
  TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
    request.body += as_text(piece);
    return {};
  }));
  return request;
}

class LentTransport final : public Transport {
 public:
  explicit LentTransport(Transport& lender) : lender_(lender) {}
  Result<Response> send(const Request& request, const BodySink* sink) override {
    return lender_.send(request, sink);
  }
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const override {
    return lender_.deadline();
  }

 private:
  Transport& lender_;
};

}  // namespace

std::unique_ptr<Transport> lend(Transport& transport) {
  return std::make_unique<LentTransport>(transport);
}

Response answer(int status, Headers headers, std::string body) {
  return {status, std::move(headers), std::move(body)};
}

void ScriptedTransport::on(const std::string& target, Handler handler) {
  std::scoped_lock lock(mutex_);
  scripts_[target].handlers.push_back(std::move(handler));
}

void ScriptedTransport::on(const std::string& target, Response response) {
  on(target, [response = std::move(response)](const Request&) -> Result<Response> { return response; });
}

void ScriptedTransport::on(const std::string& target, Error error) {
  on(target, [error = std::move(error)](const Request&) -> Result<Response> { return fail(error); });
}

ScriptedTransport::Handler ScriptedTransport::handler_for(const std::string& line) {
  auto best = scripts_.find(line);
  if (best == scripts_.end())
    for (auto script = scripts_.begin(); script != scripts_.end(); ++script)
      if (fits(script->first, line) && (best == scripts_.end() || script->first.size() > best->first.size()))
        best = script;
  if (best == scripts_.end()) return {};
  Script& script = best->second;
  const std::size_t turn = std::min(script.next++, script.handlers.size() - 1);
  return script.handlers[turn];
}

Result<Response> ScriptedTransport::send(const Request& sent, const BodySink* sink) {
  TRY(const Request request, with_its_body(sent));
  std::unique_lock lock(mutex_);
  requests_.push_back(request);
  const Handler handler = handler_for(line_of(request));
  lock.unlock();
  if (!handler)
    return fail(Code::unreachable, "cannot connect to " + request.url.authority(), "connection refused");
  TRY(auto response, handler(request));
  TRY(response, bounded(request, std::move(response)));
  if (sink == nullptr || response.status >= 300) return response;
  if (request.on_head && !response.body.empty()) TRY_OK(request.on_head(response));
  TRY_OK((*sink)(as_bytes(response.body)));
  response.body.clear();
  return response;
}

std::vector<Request> ScriptedTransport::requests() const {
  std::scoped_lock lock(mutex_);
  return requests_;
}

std::vector<std::string> ScriptedTransport::log() const {
  std::vector<std::string> lines;
  for (const auto& request : requests()) lines.push_back(line_of(request));
  return lines;
}

std::size_t ScriptedTransport::count(std::string_view target) const {
  const auto lines = log();
  return static_cast<std::size_t>(
      std::ranges::count_if(lines, [&](const auto& line) { return fits(target, line); }));
}

Request ScriptedTransport::last(std::string_view target) const {
  const auto all = requests();
  for (auto request = all.rbegin(); request != all.rend(); ++request)
    if (fits(target, line_of(*request))) return *request;
  throw std::out_of_range("nothing asked for " + std::string(target));
}

void ScriptedTransport::forget() {
  std::scoped_lock lock(mutex_);
  requests_.clear();
}

}  // namespace sigstore::net::testing
