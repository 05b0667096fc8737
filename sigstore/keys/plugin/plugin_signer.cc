#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/base/stream.h"
#include "sigstore/keys/plugin/plugin.h"

namespace sigstore::keys::plugin {
namespace {

using crypto::Scheme;

// What a signature has to be, where there are two forms of it.
std::string for_its_author(crypto::KeyType type) {
  if (type == crypto::KeyType::rsa) return ", and that it signs by PKCS#1 v1.5 and not by PSS";
  if (type == crypto::KeyType::ed25519) return "";
  return "; if the plugin is your own: a signature of ECDSA is ASN.1 DER (no r || s), in base64";
}

class PluginSigner final : public crypto::Signer {
 public:
  PluginSigner(Plugin plugin, crypto::PublicKey key) : plugin_(std::move(plugin)), key_(std::move(key)) {}

  [[nodiscard]] const crypto::PublicKey& public_key() const override { return key_; }
  [[nodiscard]] bool wants_message() const override { return true; }
  Result<Bytes> sign(Scheme scheme, BytesView message) override;
  Result<Bytes> sign_digest(Scheme scheme, BytesView digest) override;
  Result<Bytes> sign_stream(Scheme scheme, const ByteSource& message) override;

 private:
  [[nodiscard]] Result<void> check_fits(Scheme scheme) const;
  [[nodiscard]] Result<Bytes> checked(Bytes signature, const Result<void>& verified) const;

  const Plugin plugin_;
  const crypto::PublicKey key_;
};

Result<void> PluginSigner::check_fits(Scheme scheme) const {
  const auto schemes = key_.schemes();
  if (std::ranges::find(schemes, scheme) != schemes.end()) return {};
  return fail(Code::invalid_argument, "a key of type " + std::string(name(key_.type())) +
                                          " does not sign with " + std::string(name(scheme)));
}

Result<Bytes> PluginSigner::checked(Bytes signature, const Result<void>& verified) const {
  if (verified) return signature;
  return fail(
      Code::mismatch, "the plugin " + plugin_.program() + " signed with another key than it gave",
      "its signature does not verify with the public key " + key_.fingerprint() + " of " + plugin_.key(),
      std::string("nothing was signed; see that the key and its version are those that you mean") +
          for_its_author(key_.type()));
}

Result<Bytes> PluginSigner::sign(Scheme scheme, BytesView message) {
  TRY_OK(check_fits(scheme));
  if (scheme == Scheme::ed25519) {
    TRY(auto signature, plugin_.sign_message(crypto::HashAlgorithm::sha256, std::nullopt, message));
    const auto verified = key_.verify(scheme, message, signature);
    return checked(std::move(signature), verified);
  }
  const auto hash = digest_of(scheme);
  const Bytes digest = crypto::hash(hash, message);
  TRY(auto signature, plugin_.sign_message(hash, digest, message));
  const auto verified = key_.verify_digest(scheme, digest, signature);
  return checked(std::move(signature), verified);
}

Result<Bytes> PluginSigner::sign_digest(Scheme scheme, BytesView digest) {
  TRY_OK(check_fits(scheme));
  if (scheme == Scheme::ed25519 || digest.size() != size_of(digest_of(scheme)))
    return fail(Code::invalid_argument, "no digest of " + std::to_string(digest.size()) +
                                            " bytes is signed with " + std::string(name(scheme)));
  TRY(auto signature, plugin_.sign_digest(digest_of(scheme), Bytes(digest.begin(), digest.end())));
  const auto verified = key_.verify_digest(scheme, digest, signature);
  return checked(std::move(signature), verified);
}

Result<Bytes> PluginSigner::sign_stream(Scheme scheme, const ByteSource& message) {
  TRY_OK(check_fits(scheme));
  crypto::Hasher hasher(digest_of(scheme));
  std::string kept;
  bool whole = true;
  TRY(const auto reader, message.open());
  TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
    hasher.update(piece);
    whole = whole && kept.size() + piece.size() <= limits::kept_message_bytes;
    if (whole)
      kept += as_text(piece);
    else
      kept = {};
    return {};
  }));
  if (whole) return sign(scheme, as_bytes(kept));
  if (scheme == Scheme::ed25519)
    return fail(Code::too_large, "the plugin " + plugin_.program() + " signs with Ed25519 only what is small",
                "there are more than " + std::to_string(limits::kept_message_bytes / limits::mib) + " MiB",
                "sign it with another type of key");
  return sign_digest(scheme, hasher.finish());
}

}  // namespace

Result<std::unique_ptr<crypto::Signer>> open(Plugin plugin) {
  TRY(auto key, plugin.public_key());
  return std::make_unique<PluginSigner>(std::move(plugin), std::move(key));
}

}  // namespace sigstore::keys::plugin
