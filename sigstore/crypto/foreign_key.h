// Private keys as other programs write them, to be taken over into a key file of ours: see
// docs/formats/foreign-keys.md.
//
// PEM "PRIVATE KEY" (PKCS#8, RFC 5958), "EC PRIVATE KEY" (SEC1, RFC 5915; the block "EC PARAMETERS" that
// openssl puts before it is passed over), "RSA PRIVATE KEY" (PKCS#1, RFC 8017), "ENCRYPTED PRIVATE KEY"
// (PBES2, RFC 8018 and RFC 7914), and the last two under the headers Proc-Type and DEK-Info (RFC 1421, as
// openssl encrypts them).
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"
#include "sigstore/crypto/key.h"

namespace sigstore::crypto {

class ForeignKey {
 public:
  // The first private key in `pem`: what stands around it (attributes, certificates) is passed over. `what`
  // names the text in messages. Its form only: Code::malformed; Code::mismatch for a public key;
  // Code::unsupported for certificates, keys of SSH and of cosign itself, and for encryption that is too
  // old, or so costly that it must be an attack.
  static Result<ForeignKey> parse(std::string_view pem, std::string_view what);

  ForeignKey(ForeignKey&&) noexcept;
  ForeignKey& operator=(ForeignKey&&) noexcept;
  ~ForeignKey();

  [[nodiscard]] bool encrypted() const;

  // The key, its encoding written anew. `password` is looked at only when it is encrypted.
  // Code::wrong_password; Code::malformed for numbers that are no key; Code::unsupported for other
  // algorithms and curves, RSA below 2048 bits, with an exponent other than 65537, or with a modulus that is
  // known to be weak.
  [[nodiscard]] Result<PrivateKey> open(const Secret& password) const;

 private:
  struct State;
  explicit ForeignKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Bits of an RSA modulus; 0 for other keys.
std::size_t rsa_bits(const PublicKey& key);

}  // namespace sigstore::crypto
