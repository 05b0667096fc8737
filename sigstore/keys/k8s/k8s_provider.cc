#include "sigstore/codec/json_wipe.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/k8s/internal/secrets_api.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {
namespace {

using k8s::KeySecret;
using k8s::SecretName;
using k8s::SecretsApi;

std::string what_of(const SecretName& name, const char* entry) {
  return std::string(entry) + " in the secret " + name.text();
}

std::unexpected<Error> without(const SecretName& name, const char* entry, Code code = Code::not_found) {
  return fail(code, "the secret " + name.text() + " has no " + entry, {},
              "cosign generate-key-pair makes secrets with cosign.key and cosign.pub");
}

// As it stands, and without the line break that `kubectl create secret --from-file` takes along.
Result<Secret> open_with(const std::string& pem, const Secret& password, const SecretName& name) {
  const std::string what = what_of(name, "cosign.key");
  auto opened = open_private_key(pem, password, what);
  if (opened || opened.error().code != Code::wrong_password) return opened;
  if (const std::string_view text = password.reveal(); text.ends_with('\n')) {
    auto shorter = open_private_key(pem, Secret(text.substr(0, text.size() - 1)), what);
    if (shorter) return shorter;
  }
  Error error = std::move(opened).error();
  error.cause = "the password is cosign.password of the same secret";
  error.hint = "correct it, or take it out to be asked";
  return fail(std::move(error));
}

Result<crypto::PrivateKey> open_key(const Env& env, const KeySecret& secret, const SecretName& name) {
  if (!secret.private_pem) return without(name, "cosign.key");
  if (!secret.password) return unlock(env, *secret.private_pem, what_of(name, "cosign.key"));
  TRY(const auto pkcs8, open_with(*secret.private_pem, *secret.password, name));
  auto key = crypto::PrivateKey::from_pkcs8(pkcs8);
  if (!key) return fail(key.error().wrap(what_of(name, "cosign.key") + " cannot be used"));
  return key;
}

// Whoever verifies with the same reference is given the other half.
Result<void> check_halves(const crypto::PrivateKey& key, const KeySecret& secret, const SecretName& name) {
  if (!secret.public_pem) return {};
  const auto half = crypto::PublicKey::from_pem(*secret.public_pem, what_of(name, "cosign.pub"));
  if (half && *half == key.public_key()) return {};
  return fail(Code::mismatch, what_of(name, "cosign.pub") + " is not the public half of its cosign.key",
              half ? "" : half.error().text(), "nobody could verify with it: correct the secret");
}

// The secret that is there, if it may be replaced.
Result<std::optional<KeySecret>> replaceable(const Context& context, SecretsApi& api, const SecretName& name,
                                             const NewKey& wanted) {
  TRY(auto there, api.look(name));
  if (!there) return there;
  if (there->immutable)
    return fail(Code::conflict, "the secret " + name.text() + " is there, and is immutable", {},
                "take another name, or: kubectl delete secret " + name.name + " -n " + name.space);
  if (!there->private_pem || wanted.overwrite) return there;
  if (context.env.prompter == nullptr)
    return fail(Code::declined, "there is nobody to ask", {}, "pass --yes");
  TRY_OK(context.env.prompter->confirm(
      "WARNING: the secret " + name.text() + " already has a key. Overwrite?", "--yes"));
  return there;
}

class K8sProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "k8s"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& context,
                                                      const std::string& reference) override {
    TRY(const auto name, SecretName::parse(reference));
    TRY(auto api, SecretsApi::open(context));
    TRY(auto secret, api.read(name));
    codec::json::wipe(secret.object);
    TRY(auto key, open_key(context.env, secret, name));
    TRY_OK(check_halves(key, secret, name));
    return std::make_unique<crypto::PrivateKey>(std::move(key));
  }

  Result<crypto::PublicKey> open_public(const Context& context, const std::string& reference) override {
    TRY(const auto name, SecretName::parse(reference));
    TRY(auto api, SecretsApi::open(context));
    TRY(auto secret, api.read(name));
    codec::json::wipe(secret.object);
    if (!secret.public_pem)
      return without(name, "cosign.pub", secret.private_pem ? Code::mismatch : Code::not_found);
    return crypto::PublicKey::from_pem(*secret.public_pem, what_of(name, "cosign.pub"));
  }

  Result<crypto::PublicKey> create(const Context& context, const std::string& reference,
                                   const NewKey& wanted) override {
    TRY(const auto name, SecretName::parse(reference));
    if (!wanted.algorithm.empty())
      return fail(Code::unsupported, "keys in Kubernetes secrets are of one kind only, ECDSA on P-256");
    TRY(auto api, SecretsApi::open(context));
    TRY(auto there, replaceable(context, api, name, wanted));
    TRY(const auto password, new_password(context.env));
    TRY(const auto key, crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256));
    TRY(const auto pem, seal_private_key(key.pkcs8(), password, *context.env.random));
    auto secret = k8s::write_secret(name, there ? &*there : nullptr, pem, key.public_key().pem(),
                                    wanted.password_apart ? nullptr : &password);
    if (there) codec::json::wipe(there->object);
    TRY_OK(there ? api.replace(name, std::move(secret)) : api.create(name, std::move(secret)));
    return key.public_key();
  }
};

}  // namespace

std::unique_ptr<Provider> make_k8s() {
  return std::make_unique<K8sProvider>();
}

}  // namespace sigstore::keys
