#include "server/host/access_log.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"

namespace server::host {

using namespace sigstore;

namespace {

// distribution-spec, and the token server's (account is the user's name).
constexpr std::array<std::string_view, 9> known = {"digest",       "mount",   "from",  "n",      "last",
                                                   "artifactType", "service", "scope", "account"};

// A line that grows, without a document in between: there is one for each request.
class Line {
 public:
  Line(Time time, std::size_t size) {
    text_.reserve(size);
    text_ += R"({"time":")" + codec::rfc3339::milliseconds(time) + '"';
  }
  Line& text(std::string_view key, std::string_view value) {
    return raw(key, codec::json::quote(value.substr(0, limits::logged_text)));
  }
  Line& raw(std::string_view key, std::string_view value) {
    text_.append(",\"").append(key).append("\":").append(value);
    return *this;
  }
  Line& number(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
  std::string_view end() { return text_ += "}\n"; }

 private:
  std::string text_;
};

std::string seconds(std::chrono::steady_clock::duration duration) {
  std::array<char, 32> text;
  const double count = std::chrono::duration<double>(duration).count();
  return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.6f", count))};
}

std::string agent_of(const Served& served) {
  return served.headers == nullptr ? "" : served.headers->get("User-Agent").value_or("");
}

}  // namespace

std::string loggable_target(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  std::string kept(path);
  auto query = target.substr(std::min(target.size(), path.size() + 1));
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (std::ranges::find(known, pair.substr(0, pair.find('='))) == known.end()) continue;
    kept.append(kept.size() == path.size() ? "?" : "&").append(pair);
  }
  if (kept.size() > limits::logged_text) kept.resize(limits::logged_text);
  return kept;
}

void AccessLog::note(const Served& served, std::uint64_t sent) {
  constexpr std::size_t usual = 512;
  Line line(served.time, usual);
  line.text("method", served.method).text("path", loggable_target(served.target));
  line.number("status", static_cast<std::uint64_t>(served.status)).number("bytes", sent);
  line.raw("duration", seconds(clock_.steady() - served.started));
  line.text("user", served.user).text("peer", served.peer).number("received", served.received);
  line.text("id", served.id).text("route", served.route).text("repository", served.repository);
  line.text("agent", agent_of(served)).raw("tls", served.encrypted ? "true" : "false");
  sink_(line.end());
}

void AccessLog::trouble(std::string_view message) const {
  Line line(clock_.now(), message.size() + 64);
  sink_(line.text("level", "error").text("message", message).end());
}

}  // namespace server::host
