#include "sigstore/keys/pkcs11/tokens.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/keys/pkcs11/internal/key_in_token.h"
#include "sigstore/keys/pkcs11/internal/refusal.h"

namespace sigstore::keys {
namespace json = codec::json;
namespace {

std::unexpected<Error> nonsense() {
  return fail(Code::malformed, "the program cosign-pkcs11 gave no usable answer", "its list is none",
              "cosign and cosign-pkcs11 must be of the same release");
}

Result<std::string> text(const json::Object& object, std::string_view key) {
  TRY(const auto hex, json::optional_string(object, key, "cosign-pkcs11"));
  TRY(const auto bytes, codec::hex::decode(hex));
  return to_text(bytes);
}

Result<json::Object> ask(const internal::Helper& helper, const internal::Request& request,
                         const TokenUri& uri, const std::string& pin_from) {
  TRY(auto said, helper.ask(request));
  if (const auto* refusal = std::get_if<internal::Refusal>(&said))
    return fail(internal::explain(*refusal, uri, pin_from));
  return std::get<json::Object>(std::move(said));
}

// Each element of a list in the answer, as `read` makes it.
template <typename T, typename Read>
Result<std::vector<T>> list_in(const json::Object& answer, std::string_view key, std::size_t most,
                               Read read) {
  TRY(const auto list, json::optional_array(answer, key, "cosign-pkcs11"));
  if (list == nullptr || list->size() > most) return nonsense();
  std::vector<T> all;
  for (const auto& element : *list) {
    if (element.object() == nullptr) return nonsense();
    TRY(auto one, read(*element.object()));
    all.push_back(std::move(one));
  }
  return all;
}

Result<TokenInfo> read_token(const json::Object& object) {
  TokenInfo token;
  TRY(token.slot, json::need_uint64(object, "slotId", "cosign-pkcs11"));
  TRY(token.label, text(object, "label"));
  TRY(token.manufacturer, text(object, "manufacturer"));
  TRY(token.model, text(object, "model"));
  TRY(token.serial, text(object, "serial"));
  return token;
}

TokenUri slot_uri(const std::string& module, std::uint64_t slot) {
  TokenUri uri;
  uri.slot = slot;
  uri.module_path = module;
  return uri;
}

Result<std::optional<internal::Pin>> pin_of(const Env& env, const TokenUri& uri,
                                            std::optional<Secret> given) {
  if (!given || given->empty()) return internal::given_pin(env, uri);
  if (given->size() > limits::pin_bytes) return fail(Code::too_large, "the PIN is too long");
  return internal::Pin{std::move(*given), "--pin"};
}

}  // namespace

Result<std::string> module_path(const Env& env, const std::string& given) {
  std::string path = given.empty() ? env.variables->get("COSIGN_PKCS11_MODULE_PATH").value_or("") : given;
  if (path.empty())
    return fail(Code::invalid_argument, "no PKCS#11 module is named", {},
                "set COSIGN_PKCS11_MODULE_PATH to its absolute path, or write --module-path /PATH, or "
                "?module-path=/PATH at the end of a key's URI");
  if (!path.starts_with('/'))
    return fail(Code::invalid_argument, "the path of the PKCS#11 module is not absolute: " + path);
  if (!env.files->exists(path)) return fail(Code::not_found, "there is no PKCS#11 module " + path);
  return path;
}

Result<std::vector<TokenInfo>> list_tokens(const Context& context, const std::string& module) {
  TokenUri uri;
  uri.module_path = module;
  const internal::Helper helper(context, uri);
  TRY(const auto answer, ask(helper, {.method = "listTokens"}, uri, ""));
  return list_in<TokenInfo>(answer, "tokens", limits::tokens, read_token);
}

Result<std::vector<TokenKey>> list_token_keys(const Context& context, const std::string& module,
                                              std::uint64_t slot, std::optional<Secret> pin) {
  const auto uri = slot_uri(module, slot);
  TRY(auto given, pin_of(context.env, uri, std::move(pin)));
  const internal::Helper helper(context, uri);
  TRY(const auto login,
      internal::prepare_login(context.env, helper, uri, std::move(given), [](const std::string& token) {
        return "Enter PIN for PKCS11 token '" + token + "': ";
      }));
  TRY(const auto answer, ask(helper, {"listKeys", {}, login.wanted, login.pin ? &login.pin->text : nullptr},
                             uri, login.pin ? login.pin->from : ""));
  const json::Value* token = answer.find("token");
  if (token == nullptr || token->object() == nullptr) return nonsense();
  TRY(const auto info, read_token(*token->object()));
  return list_in<TokenKey>(answer, "keys", limits::token_keys,
                           [&](const json::Object& object) -> Result<TokenKey> {
                             TokenKey key;
                             TRY(key.id, text(object, "id"));
                             TRY(key.label, text(object, "label"));
                             key.uri = slot_uri(module, slot);
                             key.uri.token = info.label;
                             key.uri.id = key.id;
                             key.uri.object = key.label;
                             return key;
                           });
}

}  // namespace sigstore::keys
