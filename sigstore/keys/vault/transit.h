// The transit engine's answers and requests: pure values.
// See https://developer.hashicorp.com/vault/api-docs/secret/transit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sigstore/codec/json.h"
#include "sigstore/crypto/key.h"

namespace sigstore::keys {

// One version of a key that can sign.
struct TransitKey {
  std::uint64_t version = 0;
  std::string type;  // "ecdsa-p256", "ed25519", "rsa-2048", …
  crypto::PublicKey key;
};

// Of the answer to GET …/keys/NAME; `version` 0 is the latest. `what` names the key in messages. Codes:
// unsupported (a key that does not sign), not_found (no such version), malformed and those of a public key.
Result<TransitKey> parse_transit_key(const codec::json::Value& answer, std::uint64_t version,
                                     const std::string& what);

struct TransitSignature {
  std::uint64_t version = 0;
  Bytes signature;
};

// Of the answer to …/sign/NAME: "vault:vN:BASE64". Code::malformed, Code::too_large.
Result<TransitSignature> parse_transit_signature(const codec::json::Value& answer);

// What is to be signed: the path after …/sign/NAME, and the body.
struct TransitSigning {
  std::string path;  // "/sha2-256", or "" for pure Ed25519
  codec::json::Object body;
};

// `input` is a digest by digest_of(scheme); for pure Ed25519 it is the message.
TransitSigning transit_signing(crypto::Scheme scheme, BytesView input, std::uint64_t version);

}  // namespace sigstore::keys
