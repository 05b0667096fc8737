#include "cosign/commands/verify-blob/signatures.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/old_bundle.h"
#include "sigstore/codec/base64.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::bundle::Bundle;
using sigstore::store::Format;
using sigstore::store::Stored;

constexpr std::size_t signature_bytes = sigstore::limits::mib;  // of an RSA key as base64 with room to spare

Error not_found(const std::string& what, const std::string& path) {
  return {Code::not_found, what + " " + path + " is not there", {}, {}};
}

// Signed by a key that is not asked for: its claim is refused, as far as it can be seen.
Result<void> check_key(const Bundle& bundle, const sigstore::verify::TrustedMaterial& material) {
  if (bundle.key.hint.empty()) return {};
  const bool known = std::ranges::any_of(
      material.keys, [&](const auto& trusted) { return trusted.key.hint() == bundle.key.hint; });
  if (known) return {};
  return fail(Code::mismatch, "the key in the bundle is not the one to verify with",
              "it is " + sigstore::bundle::hint_as_fingerprint(bundle.key.hint));
}

Result<Bundle> parse_old(const std::string& text, const sigstore::verify::TrustedMaterial& material) {
  auto old = sigstore::bundle::parse_old_bundle(text);
  if (!old && old.error().code == Code::not_mine)
    return fail(Code::malformed, "it is no bundle", "it has neither a mediaType nor a base64Signature");
  if (!old) return fail(old.error());
  TRY(auto bundle, sigstore::bundle::message_bundle(std::move(*old)));
  TRY_OK(check_key(bundle, material));
  return bundle;
}

Bundle detached(sigstore::Bytes signature) {
  Bundle bundle;
  bundle.content = sigstore::bundle::MessageContent{};
  bundle.signature = std::move(signature);
  return bundle;
}

}  // namespace

Result<Stored> read_bundle_file(sigstore::Files& files, const std::string& path,
                                const sigstore::verify::TrustedMaterial& material) {
  auto text = files.read(path, sigstore::limits::bundle_bytes);
  if (!text && text.error().code == Code::not_found) return fail(not_found("the bundle", path));
  if (!text) return fail(text.error());
  const auto digest = sigstore::oci::Digest::sha256(*text);
  auto bundle = sigstore::bundle::parse(*text);
  if (!bundle && bundle.error().code == Code::not_mine) bundle = parse_old(*text, material);
  if (!bundle) bundle = fail(bundle.error().wrap(path + " cannot be read as a bundle"));
  return Stored{Format::bundle, digest, path, std::move(bundle), {}};
}

Result<Stored> read_signature(sigstore::Files& files, const std::string& value) {
  auto text = files.read(value, signature_bytes);
  const bool file = text.has_value();
  if (!file && files.exists(value)) return fail(text.error());
  const std::string& encoded = file ? *text : value;
  auto decoded = sigstore::codec::base64::decode_lines(encoded);
  if (!file && (!decoded || decoded->empty())) return fail(not_found("the signature", value));
  return Stored{Format::simple_signing,
                sigstore::oci::Digest::sha256(encoded),
                file ? value : "--signature",
                detached(decoded ? std::move(*decoded) : sigstore::to_bytes(encoded)),
                {}};
}

}  // namespace cosign
