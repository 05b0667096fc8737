#include "sigstore/keys/file/key_file.h"

#include <vector>

#include "sigstore/keys/file/internal/sealed_key.h"

namespace sigstore::keys {
namespace {

constexpr std::size_t salt_size = 32;
constexpr const char* prompt = "Enter password for private key: ";
constexpr const char* variable = "COSIGN_PASSWORD";

Bytes random_bytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  random.fill(bytes);
  return bytes;
}

// Without one line break at its end, as `echo password |` leaves it.
std::string_view without_line_break(std::string_view text) {
  if (!text.ends_with('\n')) return text;
  text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::optional<Secret> from_variable(const Env& env) {
  auto value = env.variables->get(variable);
  if (!value) return std::nullopt;
  Secret password{std::string_view(*value)};
  wipe(*value);
  return password;
}

Result<Secret> ask(const Env& env, bool confirm) {
  if (env.prompter == nullptr)
    return fail(Code::declined, "there is nobody to ask for a password", {}, std::string("set ") + variable);
  return env.prompter->password(prompt, confirm, variable);
}

// What the user may have meant: a line break at the end belongs to the password (the original keeps it, so a
// key made by `echo password | cosign generate-key-pair` has it) or does not.
std::vector<Secret> readings(Secret password) {
  std::vector<Secret> all;
  const auto shorter = without_line_break(password.reveal());
  if (shorter.size() != password.size()) all.emplace_back(shorter);
  all.push_back(std::move(password));
  return all;
}

Result<Secret> unseal_any(const internal::SealedKey& sealed, const std::vector<Secret>& passwords,
                          std::string_view what) {
  for (std::size_t i = 0; i + 1 < passwords.size(); ++i) {
    auto opened = internal::unseal(sealed, passwords[i], what);
    if (opened || opened.error().code != Code::wrong_password) return opened;
  }
  return internal::unseal(sealed, passwords.back(), what);
}

// Says where the password came from, since the usual mistake is a variable that one has forgotten.
Error explain(Error error, bool was_variable) {
  if (error.code != Code::wrong_password) return error;
  if (was_variable && error.cause.empty())
    error.cause = std::string("it was taken from ") + variable;
  else if (was_variable)
    error.cause += std::string(" (") + variable + " is set, and empty)";
  error.hint = was_variable ? std::string("correct ") + variable + ", or unset it to be asked"
                            : std::string("try again, or set ") + variable;
  return error;
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
  auto password = from_variable(env);
  const bool was_variable = password.has_value();
  if (!password) {
    TRY(password, ask(env, false));
  }
  const auto pkcs8 = unseal_any(sealed, readings(std::move(*password)), what);
  if (!pkcs8) return fail(explain(pkcs8.error(), was_variable));
  auto key = crypto::PrivateKey::from_pkcs8(*pkcs8);
  if (!key) return fail(key.error().wrap(std::string(what) + " holds a private key that cannot be used"));
  return key;
}

Result<Secret> new_password(const Env& env) {
  if (auto password = from_variable(env)) return std::move(*password);
  TRY(const auto typed, ask(env, true));
  return Secret{without_line_break(typed.reveal())};
}

}  // namespace sigstore::keys
