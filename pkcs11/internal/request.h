// What the program asks, as docs/formats/pkcs11-helper.md says: one line of JSON, then the PIN to the end of
// the input.
#pragma once

#include <optional>

#include "pkcs11/internal/failure.h"
#include "sigstore/base/bytes.h"
#include "sigstore/base/secret.h"

namespace pkcs11 {

// Which token: all that is given must fit. A text that is empty is not given.
struct TokenWanted {
  std::optional<CK_SLOT_ID> slot;
  std::string label, serial, manufacturer, model;
};

// Which key: by its id, else by its label.
struct KeyWanted {
  sigstore::Bytes id;
  sigstore::Bytes label;
};

struct Request {
  std::string method;  // "listTokens", "token", "listKeys", "publicKey", "sign", "createKey"
  std::string module;  // absolute path
  TokenWanted token;
  KeyWanted key;
  bool login = false;
  bool private_key = false;  // of "publicKey": the private one must be there as well
  std::string mechanism;     // of "sign": "ecdsa", "rsa-pkcs1"
  sigstore::Bytes data;      // of "sign"
  std::string algorithm;     // of "createKey": "ecdsa-p256", "rsa-3072", …
  sigstore::Secret pin;
};

// Failure "request" for anything else.
Attempt<Request> parse_request(sigstore::BytesView input);

}  // namespace pkcs11
