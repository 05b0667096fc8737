// hashivault://NAME and openbao://NAME: a key of the transit engine of HashiCorp Vault or OpenBao.
#pragma once

#include <cstdint>
#include <string>

#include "sigstore/base/result.h"

namespace sigstore::keys {

struct VaultReference {
  std::string service;        // "Vault", "OpenBao"
  std::string scheme;         // "hashivault", "openbao"
  std::string name;           // word characters, '-' and '.', as the transit engine takes it
  std::uint64_t version = 0;  // of NAME/versions/N; 0: the latest

  // "hashivault://NAME", without the version.
  [[nodiscard]] std::string text() const { return scheme + "://" + name; }
};

// Code::not_mine for another scheme; Code::invalid_argument.
Result<VaultReference> parse_vault_reference(const std::string& text);

}  // namespace sigstore::keys
