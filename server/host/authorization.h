// The Authorization header of a request (RFC 7617, RFC 6750).
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "sigstore/base/secret.h"

namespace server::host {

struct Login {
  std::string user;
  sigstore::Secret password;
};
struct BearerToken {
  std::string_view text;  // of the header that was read
};
struct NoLogin {};   // there is no header
struct BadLogin {};  // there is one that cannot be read, or of another scheme

using Authorization = std::variant<NoLogin, BadLogin, Login, BearerToken>;

// At most limits::authorization_bytes are read. A user is never empty and holds no control character.
Authorization parse_authorization(std::string_view header);

}  // namespace server::host
