#include "cosign/commands/sign/outputs.h"

#include "cosign/session/deliver.h"
#include "sigstore/codec/base64.h"

namespace cosign {

using sigstore::Result;
using sigstore::bundle::Bundle;
using sigstore::store::Format;

bool wants_files(const SignFlags& flags) {
  return !flags.bundle.empty() || !flags.output_signature.empty() || !flags.output_payload.empty();
}

Result<void> write_files(Session& session, const SignFlags& flags, sigstore::crypto::Signer& signer,
                         const Signed& all, const sigstore::sign::Options& options) {
  const auto& image = all.prepared.front();
  if (!flags.bundle.empty()) TRY_OK(write_bundle_file(session, flags.bundle, signer, all, image, options));
  if (flags.output_signature.empty() && flags.output_payload.empty()) return {};
  TRY(const Bundle simple, bundle_of(Format::simple_signing, signer, all, image, options));
  if (!flags.output_signature.empty())
    TRY_OK(write_file(session, flags.output_signature, sigstore::codec::base64::encode(simple.signature),
                      "Wrote signature to file "));
  if (!flags.output_payload.empty())
    TRY_OK(write_file(session, flags.output_payload, sigstore::bundle::signed_bytes(simple.content)->joined(),
                      "Wrote payload to file "));
  return {};
}

}  // namespace cosign
