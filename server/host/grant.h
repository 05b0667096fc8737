// What a token allows, as scopes say it (distribution's token authentication, "Resource scope grammar"):
// "repository:NAME:pull,push".
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace server::host {

struct Grant {
  std::string type, name;  // "repository", "team/app"; "registry", "catalog"
  std::set<std::string, std::less<>> actions;

  friend bool operator==(const Grant&, const Grant&) = default;
};
using Grants = std::vector<Grant>;

// Several scopes, with spaces between. What has not the form of one is left out, and so is all beyond
// limits::scopes: nothing is granted that was not understood.
Grants parse_scopes(std::string_view text);
std::string scope_text(const Grants& grants);  // read by parse_scopes()

// Whether every action of `needed` is among those granted for the same thing.
bool covers(const Grants& granted, const Grants& needed);

}  // namespace server::host
