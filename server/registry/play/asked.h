// What quirks ask of a request, and answer.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/registry/failure.h"
#include "server/registry/route.h"

namespace server::registry::play {

// A request and where it goes. `request` outlives it.
struct Asked {
  const host::Request& request;
  std::optional<Route> route;  // nullopt: nowhere

  explicit Asked(const host::Request& asked);
  [[nodiscard]] bool is(Route::Kind kind) const { return route && route->kind == kind; }
  [[nodiscard]] bool reads() const { return request.reads(); }
  [[nodiscard]] bool puts_manifest() const;
  [[nodiscard]] bool puts_tag() const;  // a manifest by tag
};

// An error as the distribution specification writes it.
host::Response refusal(int status, std::string_view code, std::string message, std::string detail = {});

// The answer of `role` to a request that has no body.
host::Response ask(const host::Role& role, std::string_view method, const std::string& target);

// Looks at a manifest that is pushed: what it answers is the answer, nullopt lets it pass.
using Check = std::function<std::optional<host::Response>(const Asked& asked, const std::string& body)>;
host::Role checking_manifests(host::Role role, Check check);

}  // namespace server::registry::play
