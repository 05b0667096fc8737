#include "sigstore/tlog/internal/body_fields.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/pem.h"
#include "sigstore/codec/printable.h"
#include "sigstore/crypto/key.h"

namespace sigstore::tlog::internal {
namespace {

namespace json = codec::json;

const json::Value& member(const json::Object& object, std::string_view key) {
  static const json::Value null;
  const auto* value = object.find(key);
  return value == nullptr ? null : *value;
}

}  // namespace

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "the body of the log entry is malformed", std::move(cause));
}

std::string Fields::at(std::string_view key) const {
  return place.empty() ? std::string(key) : place + "." + std::string(key);
}

bool Fields::has(std::string_view key) const {
  return !member(*object, key).is_null();
}

Result<Fields> Fields::child(std::string_view key) const {
  const auto* child = member(*object, key).object();
  if (child == nullptr) return malformed(at(key) + " is no object");
  return Fields{child, at(key)};
}

Result<std::string> Fields::text(std::string_view key) const {
  const auto* text = member(*object, key).string();
  if (text == nullptr || text->empty()) return malformed(at(key) + " is no text");
  return *text;
}

Result<Bytes> Fields::base64(std::string_view key) const {
  TRY(const auto encoded, text(key));
  auto bytes = codec::base64::decode(encoded);
  if (!bytes) return malformed(at(key) + " is not base64");
  return bytes;
}

Result<std::vector<Fields>> Fields::list(std::string_view key) const {
  const auto* array = member(*object, key).array();
  if (array == nullptr || array->empty()) return malformed(at(key) + " is no list");
  if (array->size() > limits::entry_signatures) {
    return fail(Code::too_large,
                "the log entry has more than " + std::to_string(limits::entry_signatures) + " signatures");
  }
  std::vector<Fields> out;
  for (const auto& value : *array) {
    out.push_back({value.object(), at(key) + "[" + std::to_string(out.size()) + "]"});
    if (out.back().object == nullptr) return malformed(out.back().place + " is no object");
  }
  return out;
}

Result<void> Fields::only(std::initializer_list<std::string_view> keys) const {
  for (const auto& known : object->members()) {
    if (std::ranges::find(keys, known.key) == keys.end()) {
      return malformed(at(codec::printable(known.key)) + " is not known");
    }
  }
  return {};
}

Result<LoggedDigest> read_hash(const Fields& fields, std::string_view key) {
  TRY(const auto hash, fields.child(key));
  TRY(const auto name, hash.text("algorithm"));
  const auto algorithm = crypto::hash_algorithm(name);
  if (!algorithm) {
    return fail(Code::unsupported, "the log entry has a digest by " + codec::printable(name), {},
                "sha256, sha384 and sha512 are known");
  }
  TRY(const auto value, hash.text("value"));
  auto digest = codec::hex::decode(value);
  if (!digest || digest->size() != crypto::size_of(*algorithm)) {
    return malformed(hash.at("value") + " is no digest by " + name);
  }
  return LoggedDigest{*algorithm, std::move(*digest)};
}

Result<void> read_pem(std::string_view pem, const std::string& place, LoggedSignature& out) {
  const auto blocks = codec::pem::parse(pem, place);
  if (!blocks) {
    const bool other = blocks.error().code == Code::not_mine;
    return other ? fail(Code::unsupported, "the log entry has a key that is neither PEM nor X.509", place)
                 : malformed(blocks.error().text());
  }
  if (blocks->size() != 1) {
    return fail(Code::unsupported, "the log entry has more than one key for one signature", place);
  }
  const auto& block = blocks->front();
  if (block.label == "CERTIFICATE") {
    if (block.body.empty()) return malformed(place + " is an empty certificate");
    if (block.body.size() > limits::certificate_bytes) {
      return fail(Code::too_large, "the certificate in the log entry has more than " +
                                       std::to_string(limits::certificate_bytes) + " bytes");
    }
    out.certificate = block.body;
    return {};
  }
  if (block.label != "PUBLIC KEY" && block.label != "RSA PUBLIC KEY") {
    return fail(Code::unsupported, "the log entry has a key of another kind",
                place + " is a " + codec::printable(block.label));
  }
  const auto key = crypto::PublicKey::from_pem(pem, place);
  if (!key) return fail(key.error().wrap("the key in the log entry cannot be used"));
  out.key = key->spki();
  return {};
}

}  // namespace sigstore::tlog::internal
