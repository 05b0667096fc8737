// The helper program cosign-pkcs11, and one request to it: docs/formats/pkcs11-helper.md.
#pragma once

#include <optional>
#include <variant>

#include "sigstore/codec/json.h"
#include "sigstore/keys/pkcs11/uri.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys::internal {

// What the helper says in place of an answer.
struct Refusal {
  std::string kind;  // "no_token", …; "call" for what a function of PKCS#11 returned
  std::string detail;
  std::string function;  // of a "call"
  std::uint64_t code = 0;
  std::string name;         // of the code
  std::uint64_t flags = 0;  // of the token
  std::uint64_t count = 0;
};

// Flags of a token (PKCS#11, CK_TOKEN_INFO).
inline constexpr std::uint64_t login_required = 1U << 2U, keypad = 1U << 8U, pin_count_low = 1U << 16U,
                               pin_final_try = 1U << 17U, pin_locked = 1U << 18U;
// What its functions return (CK_RV), those that are decided upon.
inline constexpr std::uint64_t rv_user_not_logged_in = 0x101;

struct Request {
  std::string method;
  codec::json::Object rest;  // what this method wants besides module, token and key
  bool login = false;
  const Secret* pin = nullptr;  // with `login`; none: the token has a keypad
};

class Helper {
 public:
  // For what `uri` names; it must have its module path. Nothing is started yet.
  Helper(const Context& context, const TokenUri& uri);

  // The answer's object, without "error"; or what it refused. An Error when the helper did not answer: it
  // hung, died, or said something else.
  Result<std::variant<codec::json::Object, Refusal>> ask(const Request& request) const;

 private:
  Result<ProcessOutput> run(const Request& request) const;

  Processes* processes_;
  std::string module_;
  codec::json::Object named_;  // token and key, as they stand in each request
};

}  // namespace sigstore::keys::internal
