#include "sigstore/base/limits.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keys/vault/transit.h"
#include "sigstore/keys/vault/vault_reference.h"
#include "sigstore/keys/vault/vault_settings.h"

namespace sigstore::keys {
namespace {

using codec::json::Object;
using codec::json::Value;
using crypto::Scheme;

constexpr const char* usual_type = "ecdsa-p256";

// One key in one Vault.
class Transit {
 public:
  static Result<Transit> open(const Context& context, VaultReference reference) {
    TRY(auto settings, read_vault_settings(context.env, reference.service));
    if (!context.connect) return fail(Code::unsupported, "there is no network here to ask Vault over");
    return Transit(context, std::move(reference), std::move(settings));
  }

  Result<TransitKey> read() {
    auto answer = service_->ask({"GET", "/v1/" + engine_ + "/keys/" + name(), "read " + key_name(), {}});
    if (!answer) return fail(explained(answer.error()));
    return parse_transit_key(*answer, reference_.version, what());
  }

  Result<void> make(const std::string& type) {
    auto answer = service_->ask({"POST", "/v1/" + engine_ + "/keys/" + name(), "make " + key_name(),
                                 remote::secret_json(Object{{"type", type}})});
    if (!answer) return fail(explained(answer.error()));
    return {};
  }

  Result<TransitSignature> sign(Scheme scheme, BytesView input, std::uint64_t version) {
    auto signing = transit_signing(scheme, input, version);
    auto answer = service_->ask({"POST", "/v1/" + engine_ + "/sign/" + name() + signing.path,
                                 "sign with " + key_name(), remote::secret_json(std::move(signing.body))});
    if (!answer) return fail(explained(answer.error()));
    auto signature = parse_transit_signature(*answer);
    if (!signature)
      return fail(signature.error().wrap(service_->name() + " did not sign with " + key_name()));
    return signature;
  }

  // "the key k of Vault at https://v.example"
  [[nodiscard]] std::string what() const { return key_name() + " of " + service_->name(); }

 private:
  Transit(const Context& context, VaultReference reference, VaultSettings settings)
      : reference_(std::move(reference)),
        engine_(std::move(settings.engine)),
        service_(std::make_unique<remote::Service>(context.env, context.connect(std::move(settings.tls)),
                                                   std::move(settings.service))) {}

  [[nodiscard]] std::string name() const { return net::percent_encode(reference_.name); }
  [[nodiscard]] std::string key_name() const { return "the key " + reference_.name; }

  // What to try where only this service knows it.
  [[nodiscard]] Error explained(Error error) const {
    if (error.code == Code::not_found) {
      error.message = "there is no " + key_name().substr(4) + " in " + service_->name();
      error.hint = "cosign generate-key-pair --kms " + reference_.text() +
                   " makes one; TRANSIT_SECRET_ENGINE_PATH names an engine that is not at \"" + engine_ +
                   "\"";
    }
    if (error.code == Code::forbidden || error.code == Code::unauthorized)
      error.hint = "is the token still valid, and does a policy of it allow to read " + engine_ + "/keys/" +
                   reference_.name + " and to update " + engine_ + "/sign/" + reference_.name + "?";
    return error;
  }

  VaultReference reference_;
  std::string engine_;
  std::unique_ptr<remote::Service> service_;
};

// The whole message, for an algorithm that cannot sign a digest.
Result<Bytes> whole(const ByteSource& message) {
  TRY(const auto reader, message.open());
  Bytes bytes;
  TRY_OK(copy_stream(*reader, [&](BytesView piece) -> Result<void> {
    if (bytes.size() + piece.size() > limits::kept_message_bytes)
      return fail(Code::too_large, "a key of Vault's for Ed25519 cannot sign this",
                  "it signs the whole message, which has more than " +
                      std::to_string(limits::kept_message_bytes / limits::mib) + " MiB",
                  "use a key of the type ecdsa-p256");
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return {};
  }));
  return bytes;
}

class VaultSigner final : public crypto::Signer {
 public:
  VaultSigner(Transit transit, TransitKey key) : transit_(std::move(transit)), key_(std::move(key)) {}

  [[nodiscard]] const crypto::PublicKey& public_key() const override { return key_.key; }

  Result<Bytes> sign(Scheme scheme, BytesView message) override {
    if (scheme != Scheme::ed25519)
      return sign_digest(scheme, crypto::hash(crypto::digest_of(scheme), message));
    TRY(auto signature, signed_by_it(scheme, message));
    const auto verified = key_.key.verify(scheme, message, signature);
    return checked(std::move(signature), verified);
  }

  Result<Bytes> sign_digest(Scheme scheme, BytesView digest) override {
    if (scheme == Scheme::ed25519)
      return fail(Code::invalid_argument, "an Ed25519 key signs messages, not digests");
    TRY(auto signature, signed_by_it(scheme, digest));
    const auto verified = key_.key.verify_digest(scheme, digest, signature);
    return checked(std::move(signature), verified);
  }

  Result<Bytes> sign_stream(Scheme scheme, const ByteSource& message) override {
    if (scheme != Scheme::ed25519) return Signer::sign_stream(scheme, message);
    TRY(const auto bytes, whole(message));
    return sign(scheme, bytes);
  }

 private:
  Result<Bytes> signed_by_it(Scheme scheme, BytesView input) {
    TRY(auto made, transit_.sign(scheme, input, key_.version));
    if (made.version == key_.version) return std::move(made.signature);
    return fail(Code::mismatch, transit_.what() + " signed with another version than it was asked to",
                "version " + std::to_string(made.version) + " instead of " + std::to_string(key_.version));
  }

  Result<Bytes> checked(Bytes signature, const Result<void>& verified) const {
    if (verified) return signature;
    return fail(Code::bad_signature,
                "the signature by " + transit_.what() + " is not by the public key it gave out",
                verified.error().text(), "nothing was signed: ask whoever runs it");
  }

  Transit transit_;
  TransitKey key_;
};

// The version that VAULT_KEY_PREFIX ("vault:v2:") asks for, where the reference names none.
Result<void> apply_prefix(const Env& env, VaultReference& reference) {
  constexpr std::string_view before = "vault:v";
  const std::string prefix = env.variables->get("VAULT_KEY_PREFIX").value_or("");
  if (prefix.empty() || reference.version != 0) return {};
  std::string_view digits = prefix;
  if (digits.starts_with(before) && digits.ends_with(':'))
    if (auto named = parse_vault_reference(
            reference.text() + "/versions/" +
            std::string(digits.substr(before.size(), digits.size() - before.size() - 1)))) {
      reference = std::move(*named);
      return {};
    }
  return fail(Code::invalid_argument, "VAULT_KEY_PREFIX names no version of a key", {},
              "export VAULT_KEY_PREFIX=vault:v1:, or unset it");
}

class VaultProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "vault"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                      const std::string& reference) override {
    TRY(auto parsed, parse_vault_reference(reference));
    TRY(auto transit, Transit::open(context, std::move(parsed)));
    TRY(auto key, transit.read());
    return std::make_unique<VaultSigner>(std::move(transit), std::move(key));
  }

  Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) override {
    TRY(auto parsed, parse_vault_reference(reference));
    TRY_OK(apply_prefix(context.env, parsed));
    TRY(auto transit, Transit::open(context, std::move(parsed)));
    TRY(auto key, transit.read());
    return std::move(key.key);
  }

  // A key that is there stays as it is, as the engine has it.
  Result<crypto::PublicKey> create(const Context& context, const std::string& reference,
                                   const NewKey& wanted) override {
    TRY(auto parsed, parse_vault_reference(reference));
    if (parsed.version != 0)
      return fail(Code::invalid_argument, "a version of a key is not made by name", {},
                  "write " + parsed.text() + "; vault write -f transit/keys/" + parsed.name +
                      "/rotate makes the next version");
    TRY(auto transit, Transit::open(context, std::move(parsed)));
    const std::string type = wanted.algorithm.empty() ? usual_type : wanted.algorithm;
    TRY_OK(transit.make(type));
    TRY(auto key, transit.read());
    if (key.type == type) return std::move(key.key);
    return fail(Code::conflict, transit.what() + " is there already, of another type",
                key.type + " instead of " + type, "name another key, or use this one as it is");
  }
};

}  // namespace

std::unique_ptr<Provider> make_vault() {
  return std::make_unique<VaultProvider>();
}

}  // namespace sigstore::keys
