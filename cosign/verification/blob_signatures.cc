#include "cosign/verification/blob_signatures.h"

#include <algorithm>

#include "cosign/verification/look.h"
#include "cosign/verification/named_file.h"
#include "sigstore/base/limits.h"
#include "sigstore/bundle/material.h"
#include "sigstore/bundle/old_bundle.h"
#include "sigstore/codec/base64.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::bundle::Bundle;
using sigstore::bundle::OldBundle;
using sigstore::store::Format;
using sigstore::store::Stored;
using sigstore::verify::TrustedMaterial;

constexpr std::size_t signature_bytes = sigstore::limits::mib;  // of an RSA key as base64 with room to spare

using Bundles = Result<std::vector<Bundle>>;
using Upgrade = Bundles (*)(OldBundle old);

Bundles as_message(OldBundle old) {
  TRY(auto bundle, sigstore::bundle::message_bundle(std::move(old)));
  return std::vector{std::move(bundle)};
}

std::unexpected<sigstore::Error> not_there(const std::string& what, const std::string& path) {
  return fail(Code::not_found, "the " + what + " " + path + " is not there");
}

std::string named(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

// Signed by a key that is not asked for: that is refused, as far as it can be seen.
Result<void> check_key(const Bundle& bundle, const TrustedMaterial& material) {
  if (bundle.key.hint.empty()) return {};
  const bool known = std::ranges::any_of(
      material.keys, [&](const auto& trusted) { return trusted.key.hint() == bundle.key.hint; });
  if (known) return {};
  return fail(Code::mismatch, "the key in the bundle is not the one to verify with",
              "it is " + sigstore::bundle::hint_as_fingerprint(bundle.key.hint));
}

Bundles parse_old(const std::string& text, const TrustedMaterial& material, Upgrade upgrade) {
  auto old = sigstore::bundle::parse_old_bundle(text);
  if (!old && old.error().code == Code::not_mine)
    return fail(Code::malformed, "it is no bundle",
                "it has neither the mediaType of one nor a base64Signature");
  if (!old) return fail(old.error());
  TRY(auto bundles, upgrade(std::move(*old)));
  for (const Bundle& bundle : bundles) TRY_OK(check_key(bundle, material));
  return bundles;
}

// What is neither a bundle nor a signature.
Result<void> may_be_either(Look look) {
  if (look == Look::empty) return fail(Code::malformed, "the file is empty");
  if (look == Look::trusted_root) return fail(Code::malformed, "it is a trusted root", "use --trusted-root");
  if (look == Look::list) return fail(Code::malformed, "it is a JSON list");
  if (look == Look::pem)
    return fail(Code::malformed, "it is PEM", "a key is given with --key, a certificate with --certificate");
  return {};
}

// What it is instead of a bundle.
Result<void> may_be_bundle(Look look) {
  TRY_OK(may_be_either(look));
  if (look == Look::text || look == Look::other)
    return fail(Code::malformed, "it is no JSON", "a signature alone is given with --signature");
  if (look == Look::envelope)
    return fail(Code::malformed, "it is a DSSE envelope", "an attestation alone is given with --signature");
  return {};
}

// What it is instead of a signature, or of the envelope that has one.
Result<void> may_be_detached(Look look, bool signature, bool decoded) {
  TRY_OK(may_be_either(look));
  if (look == Look::text && signature && !decoded)
    return fail(Code::malformed, "it is a text that is not base64");
  if (look == Look::bundle) return fail(Code::malformed, "it is a bundle", "use --bundle");
  if (look == Look::envelope && signature)
    return fail(Code::malformed, "it is an attestation", "use cosign verify-blob-attestation");
  return {};
}

void append(std::vector<Stored>& found, Format format, const sigstore::oci::Digest& digest,
            const std::string& location, Bundles bundles, const std::string& as) {
  if (!bundles) {
    found.push_back(
        {format, digest, location, fail(bundles.error().wrap(location + " cannot be read as " + as)), {}});
    return;
  }
  for (Bundle& bundle : *bundles) found.push_back({format, digest, location, std::move(bundle), {}});
}

// One of cosign 1 and 2 was named. A large bundle is in memory once: a file is read again.
Bundles read_old(Session& session, const std::string& path, const std::string& kept,
                 const TrustedMaterial& material, Upgrade upgrade) {
  if (path == "-") return parse_old(kept, material, upgrade);
  TRY(const auto again, session.env().files->read(path, sigstore::limits::bundle_bytes));
  return parse_old(again, material, upgrade);
}

// What an old one holds is a signature (an attestation) alone, as `alone`, whose log entry may have to be
// looked up.
Result<void> read_bundle(Session& session, const std::string& path, const TrustedMaterial& material,
                         Upgrade upgrade, Format alone, std::vector<Stored>& found) {
  if (path.empty()) return {};
  auto text = session.read_file(path, sigstore::limits::bundle_bytes);
  if (!text && text.error().code == Code::not_found) return not_there("bundle", path);
  if (!text) return fail(text.error());
  const auto digest = sigstore::oci::Digest::sha256(*text);
  const auto likely = may_be_bundle(look_of(*text));
  const std::string kept = path == "-" ? *text : std::string();
  auto bundle = sigstore::bundle::parse(std::move(*text));
  const bool old = !bundle && likely && bundle.error().code == Code::not_mine;
  Bundles bundles;
  if (bundle)
    bundles->push_back(std::move(*bundle));
  else if (old)
    bundles = read_old(session, path, kept, material, upgrade);
  else
    bundles = fail(likely ? bundle.error() : likely.error());
  append(found, old ? alone : Format::bundle, digest, named(path), std::move(bundles), "a bundle");
  return {};
}

// A file's content, or the base64 that stands in its place, decoded; and what it is called.
struct Detached {
  std::string content;
  std::string location;
  bool decoded = false;
};
Result<Detached> read_detached(Session& session, const std::string& value, std::size_t most,
                               const char* what) {
  auto text = session.read_file(value, most);
  const bool file = text.has_value();
  if (!file && (value == "-" || session.env().files->exists(value))) return fail(text.error());
  const std::string location = file ? named(value) : "--signature";
  if (file && (text->empty() || text->starts_with('{')))
    return Detached{std::move(*text), location};  // maybe a large one
  auto decoded = sigstore::codec::base64::decode_lines(file ? *text : value);
  if (!file && (!decoded || decoded->empty())) return not_there(what, value);
  return Detached{decoded ? sigstore::to_text(*decoded) : std::move(*text), location, decoded.has_value()};
}

// --rfc3161-timestamp goes with each of them.
Result<std::vector<Stored>> with_timestamp(Session& session, const std::string& path,
                                           std::vector<Stored> found) {
  if (path.empty()) return found;
  TRY(const auto content,
      read_named(session, path, "--rfc3161-timestamp", sigstore::limits::timestamp_bytes));
  const auto timestamp = sigstore::bundle::read_timestamp(content, named(path));
  if (!timestamp) return fail(timestamp.error().wrap("what --rfc3161-timestamp names is no timestamp"));
  for (Stored& stored : found)
    if (stored.bundle) stored.bundle->evidence.timestamps.push_back(*timestamp);
  return found;
}

}  // namespace

void BlobSignatureFlags::declare(FlagSet& flags, LaterFlags& later, const std::string& thing) {
  const bool attestation = thing == "attestation";
  flags.text("bundle", &bundle, "FILE", "the bundle that holds the " + thing + ": of cosign 3, 2 or 1");
  flags.text("signature", &signature, "FILE",
             attestation ? "the attestation: a DSSE envelope, as `attest-blob --output-signature` writes it"
                         : "the signature: a file, in base64 or not, or the base64 itself");
  flags.choice("output", &output, {"text", "report"},
               "`report`: one JSON document of every check, for success and failure", 'o');
  flags
      .text("rfc3161-timestamp", &timestamp, "FILE",
            "the signed time of the " + thing +
                ", which it then needs: what an authority answered, or the "
                "JSON of cosign 1 and 2")
      .section = Section::compatibility;
  const auto ignored = LaterFlags::Effect::ignored;
  later.declare(flags, ignored, "signature-digest-algorithm", "NAME",
                "has no effect: the key's digest and SHA-256 are both tried");
  later.declare(flags, ignored, "max-workers", "N", "has no effect: there is one file");
  later.declare(flags, ignored, "experimental-oci11", "", "has no effect: no registry is asked");
}

Result<void> BlobSignatureFlags::check(const std::string& thing) const {
  if (!bundle.empty() || !signature.empty()) return {};
  return fail(Code::invalid_argument, "no " + thing + " is given", {},
              "add --bundle FILE or --signature FILE");
}

Result<std::vector<Stored>> read_blob_signatures(Session& session, const BlobSignatureFlags& flags,
                                                 const TrustedMaterial& material) {
  std::vector<Stored> found;
  TRY_OK(read_bundle(session, flags.bundle, material, as_message, Format::simple_signing, found));
  if (flags.signature.empty()) return with_timestamp(session, flags.timestamp, std::move(found));
  TRY(const auto read, read_detached(session, flags.signature, signature_bytes, "signature"));
  const auto digest = sigstore::oci::Digest::sha256(read.content);
  Bundles bundles;
  if (const auto likely = may_be_detached(look_of(read.content), true, read.decoded); likely) {
    Bundle& bundle = bundles->emplace_back();
    bundle.content = sigstore::bundle::MessageContent{};
    bundle.signature = sigstore::to_bytes(read.content);
  } else {
    bundles = fail(likely.error());
  }
  append(found, Format::simple_signing, digest, read.location, std::move(bundles), "a signature");
  return with_timestamp(session, flags.timestamp, std::move(found));
}

Result<std::vector<Stored>> read_blob_attestations(Session& session, const BlobSignatureFlags& flags,
                                                   const TrustedMaterial& material) {
  std::vector<Stored> found;
  TRY_OK(read_bundle(session, flags.bundle, material, sigstore::bundle::envelope_bundles, Format::envelope,
                     found));
  if (flags.signature.empty()) return with_timestamp(session, flags.timestamp, std::move(found));
  TRY(auto read, read_detached(session, flags.signature, sigstore::limits::attachment_bytes, "attestation"));
  const auto digest = sigstore::oci::Digest::sha256(read.content);
  const auto likely = may_be_detached(look_of(read.content), false, read.decoded);
  auto bundles = sigstore::bundle::from_attestation_layer(std::move(read.content), {},
                                                          sigstore::limits::attachment_bytes);
  if (!bundles && !likely) bundles = fail(likely.error());
  append(found, Format::envelope, digest, read.location, std::move(bundles), "an envelope");
  return with_timestamp(session, flags.timestamp, std::move(found));
}

}  // namespace cosign
