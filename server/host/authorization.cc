#include "server/host/authorization.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"

namespace server::host {

using namespace sigstore;

namespace {

bool is_scheme(std::string_view text, std::string_view lower) {
  return std::ranges::equal(
      text, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

Authorization parse_basic(std::string_view value) {
  auto decoded = codec::base64::decode(value);
  if (!decoded) return BadLogin{};
  const Secret pair{BytesView(*decoded)};
  wipe(decoded->data(), decoded->size());
  const auto text = pair.reveal();
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || std::ranges::any_of(text.substr(0, colon), is_control))
    return BadLogin{};
  return Login{std::string(text.substr(0, colon)), Secret(text.substr(colon + 1))};
}

}  // namespace

Authorization parse_authorization(std::string_view header) {
  if (header.empty()) return NoLogin{};
  const auto space = header.find(' ');
  if (header.size() > limits::authorization_bytes || space == header.npos) return BadLogin{};
  const auto scheme = header.substr(0, space);
  const auto value = trimmed(header.substr(space));
  if (is_scheme(scheme, "basic")) return parse_basic(value);
  if (is_scheme(scheme, "bearer") && !value.empty()) return BearerToken{value};
  return BadLogin{};
}

}  // namespace server::host
