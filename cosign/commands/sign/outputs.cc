#include "cosign/commands/sign/outputs.h"

#include <algorithm>

#include "sigstore/codec/base64.h"

namespace cosign {
namespace {

using sigstore::Result;
using sigstore::bundle::Bundle;
using sigstore::store::Format;

// The bundle of `format` for `subject`: the one that was made, or a new one.
Result<Bundle> bundle_of(Format format, sigstore::crypto::Signer& signer,
                         const std::vector<sigstore::sign::Made>& made,
                         const sigstore::oci::Repository& image, const sigstore::oci::Digest& subject,
                         const sigstore::sign::Options& options) {
  const auto stored = std::ranges::find_if(
      made, [&](const sigstore::sign::Made& m) { return m.format == format && m.subject == subject; });
  if (stored != made.end()) return stored->bundle;
  return sigstore::sign::make_bundle(format, signer, image, subject, options);
}

}  // namespace

bool wants_files(const SignFlags& flags) {
  return !flags.bundle.empty() || !flags.output_signature.empty() || !flags.output_payload.empty();
}

Result<std::vector<std::string>> write_files(const SignFlags& flags, sigstore::Files& files,
                                             sigstore::crypto::Signer& signer,
                                             const std::vector<sigstore::sign::Made>& made,
                                             const sigstore::oci::Repository& image,
                                             const sigstore::oci::Digest& subject,
                                             const sigstore::sign::Options& options) {
  std::vector<std::string> lines;
  const auto write = [&](const std::string& path, const std::string& what,
                         const std::string& text) -> Result<void> {
    TRY_OK(files.write_atomic(path, text, 0600));
    lines.push_back("Wrote " + what + " to file " + path);
    return {};
  };
  if (!flags.bundle.empty()) {
    TRY(const Bundle bundle, bundle_of(Format::bundle, signer, made, image, subject, options));
    TRY(const std::string json, sigstore::bundle::write(bundle));
    TRY_OK(write(flags.bundle, "bundle", json));
  }
  if (flags.output_signature.empty() && flags.output_payload.empty()) return lines;
  TRY(const Bundle simple, bundle_of(Format::simple_signing, signer, made, image, subject, options));
  if (!flags.output_signature.empty())
    TRY_OK(write(flags.output_signature, "signature", sigstore::codec::base64::encode(simple.signature)));
  if (!flags.output_payload.empty())
    TRY_OK(write(flags.output_payload, "payload", sigstore::bundle::signed_bytes(simple.content)->joined()));
  return lines;
}

}  // namespace cosign
