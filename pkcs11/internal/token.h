// The tokens behind a module, and the one that is meant.
#pragma once

#include <vector>

#include "pkcs11/internal/module.h"
#include "pkcs11/internal/request.h"

namespace pkcs11 {

// Its texts are whatever the token says, without the blanks at their end: any bytes.
struct Token {
  CK_SLOT_ID slot = 0;
  std::string label, manufacturer, model, serial;
  CK_FLAGS flags = 0;
};

// Those in slots that answer, in the module's order; at most limits::tokens (failure "garbage").
Attempt<std::vector<Token>> list_tokens(const Module& module);
// Failures "no_token" and "several_tokens"; "other_token" where the slot that is wanted has one that does not
// fit: slots change when tokens are plugged in, and the PIN of one is not for another.
Attempt<Token> find_token(const Module& module, const TokenWanted& wanted);
// Its flags now; 0 when it does not answer any more.
CK_FLAGS flags_now(const Module& module, CK_SLOT_ID slot);

}  // namespace pkcs11
