// The WWW-Authenticate header (RFC 9110 section 11.6.1): what a registry asks for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/net/transport.h"

namespace sigstore::remote {

struct Challenge {
  std::string scheme;                             // lower case: "basic", "bearer"
  std::map<std::string, std::string> parameters;  // names in lower case; the first of a repeated name
  [[nodiscard]] std::string get(const std::string& name) const;  // "" when absent
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

// One header's challenges, in order: `Bearer realm="…",service="…", Basic realm="…"`. Code::malformed.
Result<std::vector<Challenge>> parse_challenges(std::string_view header);

// What this client answers of a response's challenges: Bearer before Basic; scheme "" when neither is asked
// for. Headers that cannot be read are passed over.
Challenge preferred_challenge(const net::Headers& headers);

}  // namespace sigstore::remote
