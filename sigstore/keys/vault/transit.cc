#include "sigstore/keys/vault/transit.h"

#include "sigstore/codec/base64.h"
#include "sigstore/codec/printable.h"
#include "sigstore/keys/vault/internal/version_number.h"

namespace sigstore::keys {
namespace json = codec::json;
namespace {

using crypto::Scheme;

constexpr std::size_t ed25519_bytes = 32;
constexpr std::uint8_t ed25519_spki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                         0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

std::unexpected<Error> malformed(const std::string& what, std::string cause) {
  return fail(Code::malformed, what + " is not described as a transit key is", std::move(cause));
}

const json::Value* data_of(const json::Value& answer) {
  const json::Value* data = answer.get("data");
  return data != nullptr && data->object() != nullptr ? data : nullptr;
}

std::string text_of(const json::Value& value, std::string_view key) {
  const json::Value* member = value.get(key);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

// The 32 bytes that the engine gives of an Ed25519 key.
Result<crypto::PublicKey> raw_ed25519(const std::string& text, const std::string& what) {
  auto raw = codec::base64::decode(text);
  if (!raw || raw->size() != ed25519_bytes)
    return malformed(what, "its public key is not the base64 of 32 bytes");
  Bytes spki(std::begin(ed25519_spki), std::end(ed25519_spki));
  spki.insert(spki.end(), raw->begin(), raw->end());
  return crypto::PublicKey::from_spki(spki);
}

Result<crypto::PublicKey> public_key(const json::Value& version, const std::string& type,
                                     const std::string& what) {
  const std::string text = text_of(version, "public_key");
  if (text.empty())
    return fail(
        Code::unsupported, what + " does not sign",
        "it is of the type " + codec::printable(type).substr(0, 64),
        "types that sign are ecdsa-p256, ecdsa-p384, ecdsa-p521, ed25519, rsa-2048, rsa-3072 and rsa-4096");
  return type == "ed25519" ? raw_ed25519(text, what) : crypto::PublicKey::from_pem(text, what);
}

bool is_rsa(Scheme scheme) {
  return scheme == Scheme::rsa_pkcs1_sha256 || scheme == Scheme::rsa_pkcs1_sha384 ||
         scheme == Scheme::rsa_pkcs1_sha512;
}

bool is_ecdsa(Scheme scheme) {
  return scheme == Scheme::ecdsa_sha256 || scheme == Scheme::ecdsa_sha384 || scheme == Scheme::ecdsa_sha512;
}

std::string hash_path(crypto::HashAlgorithm algorithm) {
  switch (algorithm) {
    case crypto::HashAlgorithm::sha256:
      return "/sha2-256";
    case crypto::HashAlgorithm::sha384:
      return "/sha2-384";
    case crypto::HashAlgorithm::sha512:
      return "/sha2-512";
  }
  return {};
}

}  // namespace

Result<TransitKey> parse_transit_key(const json::Value& answer, std::uint64_t version,
                                     const std::string& what) {
  const json::Value* data = data_of(answer);
  const json::Value* latest = data != nullptr ? data->get("latest_version") : nullptr;
  const json::Value* keys = data != nullptr ? data->get("keys") : nullptr;
  if (latest == nullptr || keys == nullptr || keys->object() == nullptr)
    return malformed(what, "there are no \"keys\" with a \"latest_version\"");
  const std::string type = text_of(*data, "type");
  const auto newest =
      latest->number() != nullptr ? internal::version_number(latest->number()->text) : std::nullopt;
  if (!newest) return malformed(what, "its latest version is no number");
  const std::uint64_t wanted = version == 0 ? *newest : version;
  const json::Value* found = keys->get(std::to_string(wanted));
  if (found == nullptr && version == 0) return malformed(what, "its latest version is missing");
  if (found == nullptr)
    return fail(Code::not_found, what + " has no version " + std::to_string(version),
                "its latest version is " + std::to_string(*newest));
  TRY(auto key, public_key(*found, type, what));
  return TransitKey{wanted, type, std::move(key)};
}

Result<TransitSignature> parse_transit_signature(const json::Value& answer) {
  constexpr std::string_view prefix = "vault:v";
  const json::Value* data = data_of(answer);
  const std::string text = data != nullptr ? text_of(*data, "signature") : std::string();
  const auto wrong = [](std::string cause) {
    return fail(Code::malformed, "the answer is no signature", std::move(cause));
  };
  if (text.empty()) return wrong("it has no text \"signature\"");
  if (text.size() > limits::signature_bytes) return fail(Code::too_large, "the signature is too large");
  const auto colon = text.find(':', prefix.size());
  if (!text.starts_with(prefix) || colon == std::string::npos)
    return wrong("a signature is vault:vN: and base64");
  const auto version =
      internal::version_number(std::string_view(text).substr(prefix.size(), colon - prefix.size()));
  if (!version) return wrong("it does not say which version of the key has signed");
  auto signature = codec::base64::decode(std::string_view(text).substr(colon + 1));
  if (!signature || signature->empty()) return wrong("what it holds is not base64");
  return TransitSignature{*version, std::move(*signature)};
}

TransitSigning transit_signing(Scheme scheme, BytesView input, std::uint64_t version) {
  TransitSigning signing;
  const bool whole = scheme == Scheme::ed25519;
  if (!whole) signing.path = hash_path(crypto::digest_of(scheme));
  signing.body = {{"input", codec::base64::encode(input)}, {"prehashed", !whole}, {"key_version", version}};
  if (is_ecdsa(scheme)) signing.body.append("marshaling_algorithm", "asn1");
  if (is_rsa(scheme)) signing.body.append("signature_algorithm", "pkcs1v15");
  return signing;
}

}  // namespace sigstore::keys
