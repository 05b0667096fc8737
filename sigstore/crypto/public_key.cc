#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/internal/ec_key.h"
#include "sigstore/crypto/internal/ed25519.h"
#include "sigstore/crypto/internal/evp_key.h"
#include "sigstore/crypto/internal/scheme.h"
#include "sigstore/crypto/key.h"

namespace sigstore::crypto {

namespace pem = codec::pem;

struct PublicKey::State {
  KeyType type = KeyType::ecdsa_p256;
  Bytes spki;
  // That of its type alone.
  internal::EcKeyPtr ec;
  internal::PKeyPtr rsa;
  Bytes point;  // Ed25519
};

namespace {

std::unexpected<Error> bad_signature() {
  return fail(Code::bad_signature, "the signature does not verify");
}

std::unexpected<Error> not_a_public_key(std::string_view what, const std::string& label) {
  const std::string subject(what);
  if (label.ends_with("PRIVATE KEY"))
    return fail(Code::mismatch, subject + " is a private key, and a public key is needed here", {},
                "cosign public-key --key KEY writes the public half");
  if (label == "CERTIFICATE")
    return fail(Code::unsupported, subject + " is a certificate, and a public key is needed here", {},
                "openssl x509 -in CERTIFICATE -noout -pubkey writes its public key");
  return fail(Code::malformed, subject + " is not a public key", "its PEM type is \"" + label + "\"");
}

std::unexpected<Error> not_pem(std::string_view text, std::string_view what) {
  std::string hint = "a public key file begins with -----BEGIN PUBLIC KEY-----";
  if (text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-"))
    hint = "ssh-keygen -e -m PKCS8 -f FILE converts a public key of SSH";
  if (text.starts_with('\x30')) hint = "openssl pkey -pubin -inform DER -in FILE converts a key in DER";
  return fail(Code::malformed, std::string(what) + " is not a public key", "it is not PEM", hint);
}

// A key in the hands of OpenSSL or libsodium; loading it proves that its point is one.
struct Loaded {
  KeyType type;
  internal::EcKeyPtr ec;
  internal::PKeyPtr rsa;
  Bytes point;
};

struct Load {
  Result<Loaded> operator()(const internal::EcPublic& key) const {
    TRY(auto ec, internal::open_ec(key));
    return Loaded{key.type, std::move(ec), nullptr, {}};
  }
  Result<Loaded> operator()(const internal::RsaPublic& key) const {
    TRY(auto rsa, internal::make_public(key));
    return Loaded{KeyType::rsa, nullptr, std::move(rsa), {}};
  }
  Result<Loaded> operator()(const internal::Ed25519Public& key) const {
    if (!internal::ed25519_is_point(key.point))
      return fail(Code::malformed, "not a valid key", "the Ed25519 point is not in its group");
    return Loaded{KeyType::ed25519, nullptr, nullptr, Bytes(key.point.begin(), key.point.end())};
  }
};

}  // namespace

Result<PublicKey> PublicKey::from_pem(std::string_view text, std::string_view what) {
  auto block = pem::parse_first(text, what);
  if (!block && block.error().code == Code::not_mine) return not_pem(text, what);
  if (!block) return std::unexpected(block.error());
  const std::string subject = std::string(what) + " is not a public key that can be used";
  if (block->label == "RSA PUBLIC KEY") {
    auto spki = internal::spki_of_pkcs1(block->body);
    if (!spki) return fail(spki.error().wrap(subject));
    block->body = std::move(*spki);
  } else if (block->label != "PUBLIC KEY") {
    return not_a_public_key(what, block->label);
  }
  auto key = from_spki(block->body);
  if (!key) return fail(key.error().wrap(subject));
  return key;
}

Result<PublicKey> PublicKey::from_spki(BytesView der) {
  TRY(const auto parts, internal::parse_spki(der));
  TRY(auto loaded, std::visit(Load{}, parts));
  State state{loaded.type, Bytes(der.begin(), der.end()), std::move(loaded.ec), std::move(loaded.rsa),
              std::move(loaded.point)};
  PublicKey key;
  key.state_ = std::make_shared<const State>(std::move(state));
  return key;
}

KeyType PublicKey::type() const {
  return state_->type;
}
const Bytes& PublicKey::spki() const {
  return state_->spki;
}
std::string PublicKey::pem() const {
  return pem::encode("PUBLIC KEY", spki());
}
std::string PublicKey::fingerprint() const {
  return "sha256:" + codec::hex::encode(sha256(spki()));
}
std::string PublicKey::hint() const {
  return codec::base64::encode(sha256(spki()));
}

std::vector<Scheme> PublicKey::schemes() const {
  switch (type()) {
    case KeyType::ecdsa_p256:
      return {Scheme::ecdsa_sha256};
    case KeyType::ecdsa_p384:
      return {Scheme::ecdsa_sha384, Scheme::ecdsa_sha256};
    case KeyType::ecdsa_p521:
      return {Scheme::ecdsa_sha512, Scheme::ecdsa_sha256};
    case KeyType::rsa:
      return {Scheme::rsa_pkcs1_sha256};
    case KeyType::ed25519:
      return {Scheme::ed25519, Scheme::ed25519ph};
  }
  return {};
}

Result<void> PublicKey::verify(Scheme scheme, BytesView message, BytesView signature) const {
  TRY_OK(internal::check_fits(type(), scheme));
  if (type() != KeyType::ed25519) return verify_digest(scheme, hash(digest_of(scheme), message), signature);
  const bool good = scheme == Scheme::ed25519 ? internal::ed25519_verify(state_->point, message, signature)
                                              : internal::ed25519ph_verify(state_->point, message, signature);
  return good ? Result<void>{} : bad_signature();
}

Result<void> PublicKey::verify_digest(Scheme scheme, BytesView digest, BytesView signature) const {
  TRY_OK(internal::check_fits(type(), scheme));
  TRY_OK(internal::check_digest(scheme, digest));
  bool good = false;
  if (type() == KeyType::ed25519)
    good = internal::ed25519ph_verify_digest(state_->point, digest, signature);
  else if (type() == KeyType::rsa)
    good = internal::evp_verify(*state_->rsa, scheme, digest, signature);
  else
    good = internal::ec_verify(state_->ec, digest, signature);
  return good ? Result<void>{} : bad_signature();
}

}  // namespace sigstore::crypto
