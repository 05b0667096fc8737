#include "sigstore/keys/pkcs11/internal/pin.h"

#include "sigstore/base/limits.h"

namespace sigstore::keys::internal {
namespace {

constexpr const char* variable = "COSIGN_PKCS11_PIN";

Secret without_line_break(const Secret& text) {
  std::string_view pin = text.reveal();
  if (pin.ends_with('\n')) pin.remove_suffix(1);
  if (pin.ends_with('\r')) pin.remove_suffix(1);
  return Secret(pin);
}

// "file:/path", "file:///path" (RFC 7512 section 2.4, RFC 8089) or an absolute path.
Result<std::string> pin_file(const std::string& source) {
  std::string path = source.starts_with("file:") ? source.substr(5) : source;
  if (path.starts_with("///")) path = path.substr(2);
  if (path.starts_with('/') && !path.starts_with("//")) return path;
  return fail(Code::unsupported, "the pin-source of the key's URI is no file with an absolute path", {},
              "write pin-source=file:/path/to/pin");
}

Result<Pin> read_pin(const Env& env, const std::string& source) {
  TRY(const auto path, pin_file(source));
  auto text = env.files->read(path, limits::pin_bytes);
  if (!text) return fail(text.error().wrap("the PIN cannot be read from " + path));
  const Secret whole{std::string_view(*text)};
  wipe(*text);
  Pin pin{without_line_break(whole), "the file " + path};
  if (pin.text.empty())
    return fail(Code::invalid_argument, "there is no PIN in " + path, "the file is empty");
  return pin;
}

}  // namespace

Result<std::optional<Pin>> given_pin(const Env& env, const TokenUri& uri) {
  if (uri.pin_value) return Pin{uri.pin_value->clone(), "the pin-value of the key's URI"};
  if (!uri.pin_source.empty()) {
    TRY(auto pin, read_pin(env, uri.pin_source));
    return pin;
  }
  auto value = env.variables->get(variable);
  if (!value || value->empty()) return std::nullopt;
  Pin pin{Secret(std::string_view(*value)), variable};
  wipe(*value);
  if (pin.text.size() > limits::pin_bytes)
    return fail(Code::too_large, "COSIGN_PKCS11_PIN is too long for a PIN");
  return pin;
}

Result<Pin> ask_pin(const Env& env, const std::string& prompt) {
  if (env.prompter == nullptr)
    return fail(Code::declined, "there is nobody to ask for the PIN", {}, std::string("set ") + variable);
  TRY(const auto text, env.prompter->password(prompt, false, variable));
  Pin pin{without_line_break(text), ""};
  if (pin.text.empty())  // a token may count it as a wrong one
    return fail(Code::declined, "no PIN was given", {}, std::string("set ") + variable);
  return pin;
}

}  // namespace sigstore::keys::internal
