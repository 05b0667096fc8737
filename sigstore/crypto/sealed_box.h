// NaCl's anonymous box (X25519, XSalsa20-Poly1305): only the holder of the recipient's private key opens it,
// and nobody sees who sealed it.
#pragma once

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"

namespace sigstore::crypto {

inline constexpr std::size_t sealed_box_key_size = 32;

// A public key of one use (32 bytes), the tag (16 bytes), then the encrypted message. Code::invalid_argument
// for a recipient that is no public key of X25519: another size, or a point that hides nothing.
Result<Bytes> seal_box(const Secret& message, BytesView recipient);

}  // namespace sigstore::crypto
