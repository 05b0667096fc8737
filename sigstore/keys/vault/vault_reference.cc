#include "sigstore/keys/vault/vault_reference.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/keys/vault/internal/version_number.h"

namespace sigstore::keys {
namespace {

constexpr std::string_view versions = "/versions/";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// As the engine has it: \w(([\w-.]+)?\w)?
bool is_name(std::string_view name) {
  return !name.empty() && is_word(name.front()) && is_word(name.back()) &&
         std::ranges::all_of(name, [](char c) { return is_word(c) || c == '-' || c == '.'; });
}

std::unexpected<Error> wrong(const std::string& text, const std::string& scheme, std::string cause) {
  return fail(Code::invalid_argument, "\"" + text + "\" names no key", std::move(cause),
              "write " + scheme + "://NAME, or " + scheme + "://NAME/versions/N for one version of it");
}

}  // namespace

Result<VaultReference> parse_vault_reference(const std::string& text) {
  VaultReference reference;
  const auto colon = text.find("://");
  if (colon == std::string::npos) return fail(Code::not_mine, "not a key of Vault");
  reference.scheme = text.substr(0, colon);
  if (reference.scheme == "hashivault")
    reference.service = "Vault";
  else if (reference.scheme == "openbao")
    reference.service = "OpenBao";
  else
    return fail(Code::not_mine, "not a key of Vault");
  if (text.size() > limits::key_uri_bytes)
    return fail(Code::too_large, "the key's name is too long",
                "more than " + std::to_string(limits::key_uri_bytes) + " bytes");
  reference.name = text.substr(colon + 3);
  if (const auto at = reference.name.find(versions); at != std::string::npos) {
    const auto version = internal::version_number(reference.name.substr(at + versions.size()));
    if (!version) return wrong(text, reference.scheme, "versions are counted from 1");
    reference.version = *version;
    reference.name.resize(at);
  }
  if (!is_name(reference.name))
    return wrong(text, reference.scheme, "a name has letters, digits, \"_\", \"-\" and \".\", and no \"/\"");
  return reference;
}

}  // namespace sigstore::keys
