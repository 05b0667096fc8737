// What a PKCS#11 module has: its tokens, and the URIs of the keys in one. Asked through the helper program
// cosign-pkcs11, as keys are.
#pragma once

#include <optional>
#include <vector>

#include "sigstore/keys/pkcs11/uri.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {

// Texts of the token, any bytes.
struct TokenInfo {
  std::uint64_t slot = 0;
  std::string label, manufacturer, model, serial;
};

struct TokenKey {
  std::string label, id;  // any bytes; one of them may be empty
  TokenUri uri;           // with token, slot and module
};

// `given`, else COSIGN_PKCS11_MODULE_PATH. Code::invalid_argument without either, and when it is not
// absolute.
Result<std::string> module_path(const Env& env, const std::string& given);

Result<std::vector<TokenInfo>> list_tokens(const Context& context, const std::string& module);
// Logs in where the token wants it: with `pin`, else COSIGN_PKCS11_PIN, else the person is asked.
Result<std::vector<TokenKey>> list_token_keys(const Context& context, const std::string& module,
                                              std::uint64_t slot, std::optional<Secret> pin);

}  // namespace sigstore::keys
