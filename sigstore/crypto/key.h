// Public and private keys, and what they sign and verify.
//
// A Scheme is a signature algorithm with its digest, as the Sigstore algorithm registry names them.
// Signatures have the form that Sigstore uses: ECDSA as ASN.1 DER, RSA as PKCS#1 v1.5, Ed25519 as 64 bytes
// (RFC 8032); RSASSA-PSS is what TUF has for RSA.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"
#include "sigstore/base/stream.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::crypto {

enum class KeyType { ecdsa_p256, ecdsa_p384, ecdsa_p521, rsa, ed25519 };
enum class Scheme {
  ecdsa_sha256,
  ecdsa_sha384,
  ecdsa_sha512,
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
  ed25519,
  ed25519ph,
  // RSASSA-PSS (RFC 8017, 8.1), MGF1 with the same digest. Made with a salt as long as the digest; verified
  // with a salt of any length. Only where a format names it: never among what schemes() says.
  rsa_pss_sha256,
  rsa_pss_sha384,
  rsa_pss_sha512
};

std::string_view name(KeyType type);     // "ecdsa-p256", "rsa", "ed25519", …
std::string_view name(Scheme scheme);    // "ecdsa-sha256", "ed25519ph", …
HashAlgorithm digest_of(Scheme scheme);  // of pure ed25519: sha512, used inside only

// A public key: immutable, comparable by its SPKI. Thread-safe.
class PublicKey {
 public:
  // PEM "PUBLIC KEY" (PKIX) or "RSA PUBLIC KEY" (PKCS#1). Code::malformed otherwise; Code::mismatch for a
  // private key; Code::unsupported for RSA below 2048 or above 16384 bits, unknown curves and certificates.
  static Result<PublicKey> from_pem(std::string_view pem, std::string_view what);
  static Result<PublicKey> from_spki(BytesView der);

  [[nodiscard]] KeyType type() const;
  [[nodiscard]] const Bytes& spki() const;        // SubjectPublicKeyInfo, DER
  [[nodiscard]] std::string pem() const;          // "PUBLIC KEY"
  [[nodiscard]] std::string fingerprint() const;  // "sha256:" + hex(SHA-256(SPKI)); the key's id everywhere
  [[nodiscard]] std::string hint() const;         // base64(SHA-256(SPKI)), as bundles carry it
  // Schemes to try when verifying: the curve's own digest and SHA-256; Ed25519 pure and prehashed.
  [[nodiscard]] std::vector<Scheme> schemes() const;

  // Code::bad_signature when it does not verify; Code::invalid_argument when the scheme is not for this key.
  [[nodiscard]] Result<void> verify(Scheme scheme, BytesView message, BytesView signature) const;
  // The same over a digest that is already known; not for pure ed25519.
  [[nodiscard]] Result<void> verify_digest(Scheme scheme, BytesView digest, BytesView signature) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki() == b.spki(); }

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

// Whoever can sign: a key file, a token, a service. Thread-safe: images are signed several at a time.
// Code::invalid_argument when the scheme is not for the key.
class Signer {
 public:
  virtual ~Signer() = default;
  [[nodiscard]] virtual const PublicKey& public_key() const = 0;
  // Whether it would rather have the message than its digest: whoever has it at hand calls sign() or
  // sign_stream(), and sign_digest() only where there is no more than the digest.
  [[nodiscard]] virtual bool wants_message() const { return false; }
  virtual Result<Bytes> sign(Scheme scheme, BytesView message) = 0;
  // The same over a digest by digest_of(scheme). Code::invalid_argument for pure ed25519.
  virtual Result<Bytes> sign_digest(Scheme scheme, BytesView digest) = 0;
  // The same over a message that need not be in memory. It is read once, but for pure ed25519 twice:
  // Code::mismatch when it was another one then. Errors of reading are returned as they are. By default it is
  // hashed and the digest signed, and pure ed25519 is Code::unsupported.
  virtual Result<Bytes> sign_stream(Scheme scheme, const ByteSource& message);
};

// A private key in memory. Wiped when it dies.
class PrivateKey final : public Signer {
 public:
  static Result<PrivateKey> generate(KeyType type);         // rsa: 3072 bits
  static Result<PrivateKey> from_pkcs8(const Secret& der);  // Code::malformed, Code::unsupported
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey() override;

  [[nodiscard]] Secret pkcs8() const;
  [[nodiscard]] const PublicKey& public_key() const override;
  // All thread-safe.
  Result<Bytes> sign(Scheme scheme, BytesView message) override;
  Result<Bytes> sign_digest(Scheme scheme, BytesView digest) override;
  Result<Bytes> sign_stream(Scheme scheme, const ByteSource& message) override;

 private:
  struct State;
  explicit PrivateKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sigstore::crypto
