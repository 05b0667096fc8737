#include <sodium/randombytes.h>

#include "sigstore/crypto/internal/ed25519.h"
#include "sigstore/crypto/internal/evp_key.h"
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

// A signature leaves only when it verifies: a damaged key or a faulty computation must not give anything
// away.
Result<Bytes> PrivateKey::sign(Scheme scheme, BytesView message) {
  const bool is_ed25519 = scheme == Scheme::ed25519 || scheme == Scheme::ed25519ph;
  if (is_ed25519 != state_->ed25519.has_value())
    return fail(Code::invalid_argument, "a key of type " + std::string(name(public_key().type())) +
                                            " does not use " + std::string(name(scheme)));
  Bytes signature;
  if (scheme == Scheme::ed25519) {
    signature = state_->ed25519->sign(message);
  } else if (scheme == Scheme::ed25519ph) {
    signature = state_->ed25519->sign_ph(message);
  } else {
    TRY(signature, internal::evp_sign(*state_->evp, scheme, hash(digest_of(scheme), message)));
  }
  auto verified = public_key().verify(scheme, message, signature);
  if (!verified) return fail(verified.error().wrap("the signature that was made is not good"));
  return signature;
}

}  // namespace sigstore::crypto
