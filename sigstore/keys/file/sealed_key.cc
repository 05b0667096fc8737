#include "sigstore/keys/file/internal/sealed_key.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/pem.h"
#include "sigstore/keys/file/key_file.h"

namespace sigstore::keys::internal {
namespace {

namespace base64 = codec::base64;
namespace json = codec::json;

constexpr std::string_view kdf_name = "scrypt";
constexpr std::string_view cipher_name = "nacl/secretbox";
constexpr std::array<std::uint64_t, 3> known_n = {32768, 65536,
                                                  131072};  // cosign 1.x, today's, a stronger one
constexpr std::size_t tag_size = 16;
constexpr std::string_view make_one = "cosign generate-key-pair makes a new pair of keys";

std::unexpected<Error> not_pem(std::string_view text, const std::string& what) {
  const bool empty = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  return fail(Code::malformed, what + " is not a private key", empty ? "it is empty" : "it is not PEM",
              std::string(make_one));
}

std::unexpected<Error> foreign_pem(const std::string& label, const std::string& what) {
  const std::string type = "its PEM type is \"" + label + "\"";
  const std::string import = "cosign import-key-pair --key " + what + " makes an encrypted one of it";
  if (label == "PRIVATE KEY" || label == "EC PRIVATE KEY" || label == "RSA PRIVATE KEY" ||
      label == "EC PARAMETERS")
    return fail(Code::unsupported, what + " is not encrypted, and only encrypted private keys are used", type,
                import);
  if (label.ends_with("PRIVATE KEY"))
    return fail(Code::unsupported, what + " is a private key of another program", type, import);
  if (label.ends_with("PUBLIC KEY"))
    return fail(Code::mismatch, what + " is a public key, and a private key is needed here", type,
                "give the file that ends in .key");
  return fail(Code::unsupported, what + " is not a private key", type, std::string(make_one));
}

Result<Bytes> need_bytes(const json::Object& object, std::string_view key, std::string_view what) {
  TRY(const auto text, json::need_string(object, key, what));
  auto bytes = base64::decode(text);
  if (!bytes)
    return fail(bytes.error().wrap(std::string(what) + ": \"" + std::string(key) + "\" is not base64"));
  return bytes;
}

Result<const json::Object*> need_member(const json::Object& object, std::string_view key,
                                        std::string_view what) {
  TRY(const auto* member, json::optional_object(object, key, what));
  if (member == nullptr)
    return fail(Code::malformed, std::string(what) + ": " + std::string(key) + " is missing");
  return member;
}

Result<void> need_name(const json::Object& object, std::string_view known, std::string_view what) {
  TRY(const auto name, json::need_string(object, "name", what));
  if (name == known) return {};
  return fail(Code::unsupported, std::string(what) + " \"" + name + "\" is not supported",
              "only \"" + std::string(known) + "\" is");
}

Result<crypto::ScryptCost> read_cost(const json::Object& kdf) {
  TRY(const auto* params, need_member(kdf, "params", "kdf"));
  TRY(const auto n, json::need_uint64(*params, "N", "kdf.params"));
  TRY(const auto r, json::need_uint64(*params, "r", "kdf.params"));
  TRY(const auto p, json::need_uint64(*params, "p", "kdf.params"));
  if (std::ranges::find(known_n, n) == known_n.end() || r != 8 || p != 1)
    return fail(Code::unsupported, "unsupported scrypt parameters",
                "N=" + std::to_string(n) + ", r=" + std::to_string(r) + ", p=" + std::to_string(p) +
                    " is not one of those that cosign writes");
  return crypto::ScryptCost{n, 8, 1};
}

Result<SealedKey> read_json(std::string_view text) {
  TRY(const auto document, json::parse(text, "the key"));
  TRY(const auto* key, json::need_object(document, "the key"));
  TRY(const auto* kdf, need_member(*key, "kdf", "the key"));
  TRY(const auto* cipher, need_member(*key, "cipher", "the key"));
  TRY_OK(need_name(*kdf, kdf_name, "kdf"));
  TRY_OK(need_name(*cipher, cipher_name, "cipher"));
  SealedKey sealed;
  TRY(sealed.cost, read_cost(*kdf));
  TRY(sealed.salt, need_bytes(*kdf, "salt", "kdf"));
  TRY(sealed.nonce, need_bytes(*cipher, "nonce", "cipher"));
  TRY(sealed.ciphertext, need_bytes(*key, "ciphertext", "the key"));
  if (sealed.nonce.size() != crypto::secretbox_nonce_size)
    return fail(Code::malformed, "incorrect nonce size",
                std::to_string(sealed.nonce.size()) + " bytes instead of 24");
  if (sealed.ciphertext.size() < tag_size) return fail(Code::malformed, "the ciphertext is cut short");
  return sealed;
}

}  // namespace

Result<SealedKey> parse_sealed_key(std::string_view text, std::string_view what) {
  const std::string subject(what);
  auto block = codec::pem::parse_first(text, what);
  if (!block && block.error().code == Code::not_mine) return not_pem(text, subject);
  if (!block) return fail(std::move(block).error());
  if (block->label != key_label && block->label != old_key_label) return foreign_pem(block->label, subject);
  auto sealed = read_json(as_text(block->body));
  if (!sealed) return fail(sealed.error().wrap(subject + " is not an encrypted key that can be used"));
  return sealed;
}

std::string write_sealed_key(const SealedKey& key) {
  const json::Object params = {{"N", key.cost.n},
                               {"r", static_cast<std::uint64_t>(key.cost.r)},
                               {"p", static_cast<std::uint64_t>(key.cost.p)}};
  const json::Object kdf = {{"name", kdf_name}, {"params", params}, {"salt", base64::encode(key.salt)}};
  const json::Object cipher = {{"name", cipher_name}, {"nonce", base64::encode(key.nonce)}};
  const json::Object document = {
      {"kdf", kdf}, {"cipher", cipher}, {"ciphertext", base64::encode(key.ciphertext)}};
  return codec::pem::encode(key_label, as_bytes(json::write(document)));
}

Result<Secret> unseal(const SealedKey& key, const Secret& password, std::string_view what) {
  TRY(const auto derived, crypto::scrypt(password, key.salt, key.cost, crypto::secretbox_key_size));
  auto opened = crypto::secretbox_open(key.ciphertext, key.nonce, derived);
  if (opened) return opened;
  return fail(Code::wrong_password, "the password does not open " + std::string(what),
              password.empty() ? "the password is empty" : "");
}

}  // namespace sigstore::keys::internal
