#include "sigstore/keys/pkcs11/uri.h"

#include <array>
#include <charconv>
#include <set>
#include <string_view>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"

namespace sigstore::keys {
namespace {

constexpr std::string_view scheme = "pkcs11:";
constexpr std::string_view how = "write pkcs11:token=NAME;object=KEY?module-path=/PATH/TO/MODULE.so";
constexpr std::size_t shown_bytes = 40;
// What may stand unescaped in a value. Of what RFC 7512 allows, `+` and `&` are escaped all the same:
// Sigstore's cosign reads them as a space and as a separator.
constexpr std::string_view plain_in_values = "-._~:[]@!$'()*,=/";

std::unexpected<Error> malformed(std::string why) {
  return fail(Code::malformed, "the pkcs11: URI of the key is not well-formed", std::move(why),
              std::string(how));
}

std::string shown(std::string_view name) {
  return "\"" + codec::printable(name.substr(0, shown_bytes)) + "\"";
}

Result<std::string> unescaped(std::string_view name, std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      text += value[i];
      continue;
    }
    const auto octet = codec::hex::decode(value.substr(i + 1, 2));
    if (!octet || octet->size() != 1)
      return malformed("in " + shown(name) + " a % is not followed by two hexadecimal digits");
    text += static_cast<char>(octet->front());
    i += 2;
  }
  return text;
}

Result<std::uint64_t> slot_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return malformed("slot-id is no number");
  return number;
}

// Text attributes by their name; nullptr for any other.
std::string* path_field(TokenUri& uri, std::string_view name) {
  const std::array<std::pair<std::string_view, std::string*>, 6> fields = {
      {{"token", &uri.token},
       {"serial", &uri.serial},
       {"manufacturer", &uri.manufacturer},
       {"model", &uri.model},
       {"id", &uri.id},
       {"object", &uri.object}}};
  for (const auto& [known, field] : fields)
    if (known == name) return field;
  return nullptr;
}

Result<void> check_type(const std::string& type) {
  if (type == "private" || type == "public" || type.empty()) return {};
  return fail(Code::unsupported, "the pkcs11: URI is not of a key", "its type is " + shown(type),
              "leave type out, or write type=private");
}

// A PIN that stands in the wrong place must not become part of a name, which errors repeat.
bool holds_pin(std::string_view name, std::string_view value) {
  return name == "pin-value" || value.find("pin-value=") != std::string_view::npos;
}

Result<void> take_path(TokenUri& uri, std::string_view name, std::string value) {
  if (holds_pin(name, value)) return malformed("pin-value stands before the ?, and belongs after it");
  if (std::string* field = path_field(uri, name)) {
    *field = std::move(value);
    return {};
  }
  if (name == "type") return check_type(value);
  if (name == "slot-id") {
    if (value.empty()) return {};
    TRY(uri.slot, slot_number(value));
    return {};
  }
  if (name.starts_with("x-")) return {};
  return fail(Code::unsupported, "the pkcs11: URI of the key has an attribute that is not known here",
              shown(name),
              "tokens are named by token, serial, manufacturer, model and slot-id, keys by id and object");
}

Result<void> take_query(TokenUri& uri, std::string_view name, std::string value) {
  if (name == "module-path") {
    uri.module_path = std::move(value);
  } else if (name == "pin-source") {
    uri.pin_source = std::move(value);
  } else if (name == "pin-value") {
    if (value.size() > limits::pin_bytes)
      return fail(Code::too_large, "the pin-value of the key's URI is too long");
    if (!value.empty()) uri.pin_value = Secret(std::string_view(value));
    wipe(value);
  } else if (name != "module-name" && !name.starts_with("x-")) {
    return fail(Code::unsupported, "the pkcs11: URI of the key has an attribute that is not known here",
                shown(name) + " after the ?", "module-path, pin-value and pin-source may stand there");
  }
  return {};
}

using Take = Result<void> (*)(TokenUri&, std::string_view, std::string);

Result<void> take_all(TokenUri& uri, std::string_view text, std::string_view separators, Take take) {
  std::set<std::string_view> seen;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    const auto piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos) return malformed("a part of it has no =");
    const auto name = piece.substr(0, equals);
    if (!seen.insert(name).second) return malformed(shown(name) + " stands in it twice");
    TRY(auto value, unescaped(name, piece.substr(equals + 1)));
    TRY_OK(take(uri, name, std::move(value)));
  }
  return {};
}

Result<void> check_complete(const TokenUri& uri) {
  if (uri.token.empty() && uri.serial.empty() && !uri.slot)
    return fail(Code::invalid_argument, "the pkcs11: URI of the key names no token",
                "it has neither token nor slot-id", std::string(how));
  if (uri.id.empty() && uri.object.empty())
    return fail(Code::invalid_argument, "the pkcs11: URI names no key", "it has neither id nor object",
                std::string(how));
  if (uri.pin_value && !uri.pin_source.empty()) return malformed("it has both pin-value and pin-source");
  return {};
}

std::string escaped(std::string_view text, bool all) {
  std::string value;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       plain_in_values.find(c) != std::string_view::npos;
    if (plain && !all)
      value += c;
    else
      value += "%" + codec::hex::encode(as_bytes(std::string_view(&c, 1)));
  }
  return value;
}

void put(std::string& text, char separator, std::string_view name, std::string_view value, bool all = false) {
  if (value.empty()) return;
  if (!text.empty()) text += separator;
  text.append(name).append("=").append(escaped(value, all));
}

}  // namespace

Result<TokenUri> parse_token_uri(const std::string& reference) {
  if (!reference.starts_with(scheme)) return fail(Code::not_mine, "not a key in a token");
  if (reference.size() > limits::key_uri_bytes)
    return fail(Code::too_large, "the pkcs11: URI of the key is too long");
  const std::string_view text = std::string_view(reference).substr(scheme.size());
  const auto end = std::min(text.find('?'), text.size());
  TokenUri uri;
  TRY_OK(take_all(uri, text.substr(0, end), ";", take_path));
  TRY_OK(take_all(uri, text.substr(std::min(end + 1, text.size())), "&;", take_query));
  TRY_OK(check_complete(uri));
  return uri;
}

std::string write_token_uri(const TokenUri& uri) {
  std::string path, query;
  put(path, ';', "token", uri.token);
  put(path, ';', "serial", uri.serial);
  put(path, ';', "manufacturer", uri.manufacturer);
  put(path, ';', "model", uri.model);
  if (uri.slot) put(path, ';', "slot-id", std::to_string(*uri.slot));
  put(path, ';', "id", uri.id, true);
  put(path, ';', "object", uri.object);
  put(query, '&', "module-path", uri.module_path);
  put(query, '&', "pin-source", uri.pin_source);
  return std::string(scheme) + path + (query.empty() ? "" : "?" + query);
}

}  // namespace sigstore::keys
