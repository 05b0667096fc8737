#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/github/github_secrets.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys {
namespace {

constexpr const char* password_name = "COSIGN_PASSWORD";
constexpr const char* private_name = "COSIGN_PRIVATE_KEY";
constexpr const char* public_name = "COSIGN_PUBLIC_KEY";

std::unexpected<Error> write_only(const std::string& reference, const char* instead) {
  return fail(Code::unsupported, "the secrets of " + reference + " cannot be read by anybody but its jobs",
              "GitHub gives no secret out again", instead);
}

Result<void> confirmed(const Env& env, GithubSecrets& secrets) {
  TRY(const bool there, secrets.has(private_name));
  if (!there) return {};
  if (env.prompter == nullptr) return fail(Code::declined, "there is nobody to ask", {}, "pass --yes");
  return env.prompter->confirm("WARNING: " + secrets.what() + " already has a key. Overwrite?", "--yes");
}

// The three, one after the other. None can be taken back, as none can be read.
Result<void> write_all(GithubSecrets& secrets, const Secret* password, const Secret& key,
                       const Secret& half) {
  std::string written;
  const auto write = [&](const char* name, const Secret& value) -> Result<void> {
    auto done = secrets.write(name, value);
    if (!done && !written.empty())
      return fail(done.error().with_hint("run it again: of the new key is only " + written + " there"));
    if (done) written += (written.empty() ? "" : " and ") + std::string(name);
    return done;
  };
  if (password != nullptr) TRY_OK(write(password_name, *password));
  TRY_OK(write(private_name, key));
  TRY_OK(write(public_name, half));
  if (password != nullptr) return {};
  TRY(const bool stale, secrets.has(password_name));  // of the key before
  return stale ? secrets.remove(password_name) : Result<void>();
}

class GithubProvider final : public Provider {
 public:
  [[nodiscard]] std::string_view name() const override { return "github"; }

  Result<std::unique_ptr<crypto::Signer>> open_signer(const Context& /*context*/,
                                                      const std::string& reference) override {
    TRY_OK(parse_github_reference(reference));
    return write_only(reference, "in a job: --key env://COSIGN_PRIVATE_KEY, with the secret as a variable");
  }

  Result<crypto::PublicKey> open_public(const Context& /*context*/, const std::string& reference) override {
    TRY_OK(parse_github_reference(reference));
    return write_only(reference, "verify with cosign.pub, or in a job with --key env://COSIGN_PUBLIC_KEY");
  }

  Result<crypto::PublicKey> create(const Context& context, const std::string& reference,
                                   const NewKey& wanted) override {
    TRY(const auto place, parse_github_reference(reference));
    if (!wanted.algorithm.empty())
      return fail(Code::unsupported, "keys in secrets of GitHub are of one kind only, ECDSA on P-256");
    TRY(auto secrets, GithubSecrets::open(context, place));
    if (!wanted.overwrite) TRY_OK(confirmed(context.env, secrets));
    TRY(const auto password, new_password(context.env));
    TRY(const auto key, crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256));
    TRY(const auto pem, seal_private_key(key.pkcs8(), password, *context.env.random));
    TRY_OK(write_all(secrets, wanted.password_apart ? nullptr : &password, Secret(std::string_view(pem)),
                     Secret(std::string_view(key.public_key().pem()))));
    return key.public_key();
  }
};

}  // namespace

std::unique_ptr<Provider> make_github() {
  return std::make_unique<GithubProvider>();
}

}  // namespace sigstore::keys
