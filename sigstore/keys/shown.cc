#include "sigstore/keys/shown.h"

#include <algorithm>
#include <string_view>

namespace sigstore::keys {

std::string shown(const std::string& reference) {
  constexpr std::string_view pin = "pin-value=";
  std::string text;
  std::size_t at = 0;
  for (std::size_t found = 0; (found = reference.find(pin, at)) != std::string::npos;) {
    text += reference.substr(at, found - at) + std::string(pin) + "******";
    at = std::min(reference.find_first_of("&;", found), reference.size());
  }
  return text + reference.substr(at);
}

bool is_kept_elsewhere(const std::string& reference) {
  return reference.contains("://") || reference.starts_with("pkcs11:");
}

}  // namespace sigstore::keys
