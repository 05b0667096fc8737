#include <sodium/randombytes.h>

#include "sigstore/crypto/internal/ed25519.h"
#include "sigstore/crypto/internal/evp_key.h"
#include "sigstore/crypto/internal/scheme.h"
#include "sigstore/crypto/key.h"

namespace sigstore::crypto {

struct PrivateKey::State {
  PublicKey pub;
  Secret pkcs8;
  internal::PKeyPtr evp;  // null for Ed25519
  std::optional<internal::Ed25519Pair> ed25519;
};

namespace {

// What a PrivateKey is made of, but for its own encoding.
struct Material {
  Bytes spki;
  internal::PKeyPtr evp;
  std::optional<internal::Ed25519Pair> ed25519;
};

struct Load {
  template <typename EvpParts>
  Result<Material> operator()(const EvpParts& parts) const {
    TRY(auto evp, internal::make_private(parts));
    TRY(auto spki, internal::spki_of(*evp, type_of(parts)));
    return Material{std::move(spki), std::move(evp), std::nullopt};
  }
  Result<Material> operator()(const internal::Ed25519Private& parts) const {
    internal::Ed25519Pair pair(parts.seed);
    Bytes spki = internal::encode_spki(internal::Ed25519Public{pair.point()});
    return Material{std::move(spki), nullptr, std::move(pair)};
  }

  static KeyType type_of(const internal::EcPrivate& parts) { return parts.type; }
  static KeyType type_of(const internal::RsaPrivate&) { return KeyType::rsa; }
};

// A signature leaves only when it verifies: a damaged key or a faulty computation must not give anything
// away.
Result<void> check_made(const Result<void>& verified) {
  if (!verified) return fail(verified.error().wrap("the signature that was made is not good"));
  return {};
}

Secret generate_ed25519() {
  internal::start_sodium();
  Secret seed = Secret::of_size(32);
  randombytes_buf(seed.writable().data(), seed.size());
  return internal::encode_pkcs8(internal::Ed25519Private{seed.reveal_bytes()});
}

}  // namespace

PrivateKey::PrivateKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

Result<PrivateKey> PrivateKey::generate(KeyType type) {
  if (type == KeyType::ed25519) return from_pkcs8(generate_ed25519());
  TRY(const auto evp, internal::generate_evp(type));
  TRY(const Secret encoded, internal::pkcs8_of(*evp));
  return from_pkcs8(encoded);
}

Result<PrivateKey> PrivateKey::from_pkcs8(const Secret& der) {
  TRY(const auto parts, internal::parse_pkcs8(der.reveal_bytes()));
  TRY(auto material, std::visit(Load{}, parts));
  auto state = std::make_unique<State>();
  TRY(state->pub, PublicKey::from_spki(material.spki));
  state->pkcs8 = der.clone();
  state->evp = std::move(material.evp);
  state->ed25519 = std::move(material.ed25519);
  return PrivateKey(std::move(state));
}

Secret PrivateKey::pkcs8() const {
  return state_->pkcs8.clone();
}
const PublicKey& PrivateKey::public_key() const {
  return state_->pub;
}

Result<Bytes> Signer::sign_stream(Scheme scheme, const ByteSource& message) {
  if (scheme == Scheme::ed25519)
    return fail(Code::unsupported, "this key signs with ed25519 only what is in memory");
  Hasher hasher(digest_of(scheme));
  TRY(const auto reader, message.open());
  TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
    hasher.update(piece);
    return {};
  }));
  return sign_digest(scheme, hasher.finish());
}

Result<Bytes> PrivateKey::sign(Scheme scheme, BytesView message) {
  TRY_OK(internal::check_fits(public_key().type(), scheme));
  if (!state_->ed25519) return sign_digest(scheme, hash(digest_of(scheme), message));
  Bytes signature =
      scheme == Scheme::ed25519 ? state_->ed25519->sign(message) : state_->ed25519->sign_ph(message);
  TRY_OK(check_made(public_key().verify(scheme, message, signature)));
  return signature;
}

Result<Bytes> PrivateKey::sign_digest(Scheme scheme, BytesView digest) {
  TRY_OK(internal::check_fits(public_key().type(), scheme));
  TRY_OK(internal::check_digest(scheme, digest));
  Bytes signature;
  if (state_->ed25519) {
    signature = state_->ed25519->sign_ph_digest(digest);
  } else {
    TRY(signature, internal::evp_sign(*state_->evp, scheme, digest));
  }
  TRY_OK(check_made(public_key().verify_digest(scheme, digest, signature)));
  return signature;
}

Result<Bytes> PrivateKey::sign_stream(Scheme scheme, const ByteSource& message) {
  TRY_OK(internal::check_fits(public_key().type(), scheme));
  if (scheme != Scheme::ed25519) return Signer::sign_stream(scheme, message);
  internal::Ed25519Signing signing(internal::Ed25519Form::pure, *state_->ed25519);
  TRY(auto reader, message.open());
  TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
    signing.first_pass(piece);
    return {};
  }));
  signing.begin_second_pass();
  TRY(reader, message.open());
  TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
    signing.second_pass(piece);
    return {};
  }));
  Bytes signature = signing.finish();
  if (signature.empty())
    return fail(Code::mismatch,
                "nothing was signed: what was read the second time is not what was read before");
  return signature;
}

}  // namespace sigstore::crypto
