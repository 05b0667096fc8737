// What went wrong in the helper: a word for the program that asked, and what PKCS#11 said. The sentences are
// made there (sigstore/keys/pkcs11).
#pragma once

#include <p11-kit/pkcs11.h>

#include <cstdint>
#include <expected>
#include <string>

namespace pkcs11 {

struct Failure {
  std::string
      kind;  // "module", "no_token", … as docs/formats/pkcs11-helper.md lists them; "call" for a CKR_*
  std::string detail = {};    // for people: the loader's words, the attribute that cannot be
  std::string function = {};  // "C_Login", of a "call"
  CK_RV code = CKR_OK;        // what it returned
  std::uint64_t flags = 0;    // of the token, after that
  std::uint64_t count = 0;    // how many matched, of "several_tokens" and "several_keys"
};

template <typename T>
using Attempt = std::expected<T, Failure>;

// Nothing when the function succeeded.
Attempt<void> check(const char* function, CK_RV code);
// "CKR_PIN_INCORRECT"; "" for those that have no name here.
std::string name_of(CK_RV code);

}  // namespace pkcs11
