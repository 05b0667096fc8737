#include "sigstore/keys/file/key_file.h"

#include "sigstore/keys/file/internal/password.h"
#include "sigstore/keys/file/internal/sealed_key.h"

namespace sigstore::keys {
namespace {

constexpr std::size_t salt_size = 32;
constexpr const char* prompt = "Enter password for private key: ";
constexpr const char* variable = "COSIGN_PASSWORD";  // of Env::variables

Bytes random_bytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  random.fill(bytes);
  return bytes;
}

}  // namespace

Result<std::string> seal_private_key(const Secret& pkcs8, const Secret& password, Random& random) {
  internal::SealedKey sealed{
      {}, random_bytes(random, salt_size), random_bytes(random, crypto::secretbox_nonce_size), {}};
  TRY(const auto key, crypto::scrypt(password, sealed.salt, sealed.cost, crypto::secretbox_key_size));
  sealed.ciphertext = crypto::secretbox_seal(pkcs8, sealed.nonce, key);
  return internal::write_sealed_key(sealed);
}

Result<Secret> open_private_key(std::string_view pem, const Secret& password, std::string_view what) {
  TRY(const auto sealed, internal::parse_sealed_key(pem, what));
  return internal::unseal(sealed, password, what);
}

Result<void> check_key_file(std::string_view pem, std::string_view what) {
  TRY_OK(internal::parse_sealed_key(pem, what));
  return {};
}

Result<crypto::PrivateKey> unlock(const Env& env, std::string_view pem, std::string_view what) {
  TRY(const auto sealed, internal::parse_sealed_key(pem, what));
  TRY(const auto password, internal::Password::of(env, variable, prompt));
  TRY(const auto pkcs8,
      password.try_with([&](const Secret& one) { return internal::unseal(sealed, one, what); }));
  auto key = crypto::PrivateKey::from_pkcs8(pkcs8);
  if (!key) return fail(key.error().wrap(std::string(what) + " holds a private key that cannot be used"));
  return key;
}

Result<Secret> new_password(const Env& env) {
  if (auto password = internal::password_in(env, variable)) return std::move(*password);
  TRY(const auto typed, internal::ask_password(env, prompt, true, variable));
  return Secret{internal::without_line_break(typed.reveal())};
}

}  // namespace sigstore::keys
