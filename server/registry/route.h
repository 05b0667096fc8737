// What a request's target means (distribution-spec, "Endpoints").
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/registry/failure.h"

namespace server::registry {

// The parameters of a query. "+" stays a plus: media types have one, and none of our values has a space.
class Query {
 public:
  static Query parse(std::string_view text);
  [[nodiscard]] const std::string* find(std::string_view name) const;       // the first; nullptr when absent
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;  // as sent

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

struct Route {
  enum class Kind {
    base,       // /v2/
    catalogue,  // /v2/_catalog (Docker's)
    manifest,   // /v2/NAME/manifests/REFERENCE
    blob,       // /v2/NAME/blobs/DIGEST
    uploads,    // /v2/NAME/blobs/uploads/
    upload,     // /v2/NAME/blobs/uploads/ID
    tags,       // /v2/NAME/tags/list
    referrers,  // /v2/NAME/referrers/DIGEST
  };
  Kind kind = Kind::base;
  std::string repository;
  std::string last;  // REFERENCE, DIGEST or ID, decoded
  Query query;
};

// A word for each kind, for logs and figures: "manifest".
std::string_view name_of(Route::Kind kind);
inline constexpr std::array<std::string_view, 8> route_names = {
    "base", "catalogue", "manifest", "blob", "uploads", "upload", "tags", "referrers"};
static_assert(route_names.size() == static_cast<std::size_t>(Route::Kind::referrers) + 1,
              "one for each kind");

// 404 for a path that is none of these, NAME_INVALID for a bad name.
Or<Route> parse_route(std::string_view target);

// distribution-spec, "Pulling manifests": <name> and <reference> as a tag.
bool is_repository_name(std::string_view name);
bool is_tag(std::string_view tag);

}  // namespace server::registry
