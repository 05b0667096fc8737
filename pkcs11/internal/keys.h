// What is done with the keys of a token.
#pragma once

#include "pkcs11/internal/session.h"

namespace pkcs11 {

// A public key as the token has it; whoever asked makes a key of it. What is not there is empty.
struct PublicMaterial {
  std::string from;                         // "public key", "private key", "certificate"
  std::string type;                         // "ecdsa", "rsa", "other"; "" of a certificate
  sigstore::Bytes info;                     // CKA_PUBLIC_KEY_INFO: SPKI, DER
  sigstore::Bytes ec_parameters, ec_point;  // as the token has them
  sigstore::Bytes modulus, exponent;        // big-endian
  sigstore::Bytes certificate;              // DER
};

struct Key {
  sigstore::Bytes id;
  sigstore::Bytes label;
};

// All private keys; for those that can only be seen after a login, log in first.
Attempt<std::vector<Key>> list_keys(const Session& session);
// By the object that a public key has, else from what the private key says of itself, else from a
// certificate. Failures "no_key", "several_keys"; "no_public_key" for a private key that says nothing.
Attempt<PublicMaterial> public_material(const Session& session, const KeyWanted& wanted, bool need_private);
// ECDSA as r || s. Failures as above; "mechanism" for one that does not exist here.
Attempt<sigstore::Bytes> sign(Session& session, const Request& request);
// Failure "key_exists" when there is a key of that id or label; "algorithm".
Attempt<PublicMaterial> create_key(Session& session, const Request& request);

}  // namespace pkcs11
