#include "cosign/commands/sign/flags.h"

#include "cosign/options/workers.h"

namespace cosign {
namespace {

// What belongs to certificates, identities and services. With a key and no log these have no effect.
void declare_without_effect(LaterFlags& later, FlagSet& flags) {
  const auto ignored = LaterFlags::Effect::ignored;
  later.declare(flags, ignored, "rekor-url", "URL", "transparency log; not used without a log");
  later.declare(flags, ignored, "fulcio-url", "URL", "certificate authority; not used with --key");
  later.declare(flags, ignored, "fulcio-auth-flow", "FLOW", "not used with --key");
  later.declare(flags, ignored, "identity-token", "TOKEN", "not used with --key");
  later.declare(flags, ignored, "insecure-skip-verify", "", "has no effect, as in the real one");
  later.declare(flags, ignored, "oidc-issuer", "URL", "not used with --key");
  later.declare(flags, ignored, "oidc-client-id", "ID", "not used with --key");
  later.declare(flags, ignored, "oidc-client-secret-file", "FILE", "not used with --key");
  later.declare(flags, ignored, "oidc-redirect-url", "URL", "not used with --key");
  later.declare(flags, ignored, "oidc-provider", "NAME", "not used with --key");
  later.declare(flags, ignored, "oidc-disable-ambient-providers", "", "not used with --key");
  later.declare(flags, ignored, "trusted-root", "FILE", "not used without a log");
}

void declare_refused(LaterFlags& later, FlagSet& flags) {
  const auto refused = LaterFlags::Effect::refused;
  later.declare(flags, refused, "sk", "", "sign with a hardware token");
  later.declare(flags, refused, "slot", "NAME", "slot of the hardware token");
  later.declare(flags, refused, "certificate", "FILE", "certificate to store with the signature");
  later.declare(flags, refused, "certificate-chain", "FILE", "its chain");
  later.declare(flags, refused, "output-certificate", "FILE", "write the certificate");
  later.declare(flags, refused, "issue-certificate", "", "get a certificate although there is a key");
  later.declare(flags, refused, "timestamp-server-url", "URL", "get a signed timestamp");
  later.declare(flags, refused, "timestamp-client-cacert", "FILE", "TLS for the timestamp server");
  later.declare(flags, refused, "timestamp-client-cert", "FILE", "TLS for the timestamp server");
  later.declare(flags, refused, "timestamp-client-key", "FILE", "TLS for the timestamp server");
  later.declare(flags, refused, "timestamp-server-name", "NAME", "TLS for the timestamp server");
}

}  // namespace

void SignFlags::declare(FlagSet& flags) {
  const auto compatibility = Section::compatibility;
  flags.text("key", &key, "KEY", "private key: a file, or env://NAME for a variable that holds it");
  flags.pair_list("annotations", &annotations, "key=value to sign along; repeatable", 'a');
  flags.boolean("recursive", &recursive, "sign every manifest below an index as well, in parallel", 'r');
  flags.choice(
      "signature-format", &signature_format, {"sig", "bundle", "both"},
      "how the signature is stored: the .sig tag that every verifier reads, a sigstore bundle, or both");
  flags.boolean("force", &force, "sign anew although an equal signature is there", 'f');
  flags.boolean("upload", &upload, "put the signature into the registry");
  flags.boolean("own-tags", &registry.own_tags,
                "keep the signature under a tag of its own as well, for many signers on a registry that "
                "ignores If-Match");
  flags.boolean("yes", &yes, "answer every question with yes", 'y');
  flags.text("bundle", &bundle, "FILE", "also write the signature as a sigstore bundle to FILE");
  flags.text("output-signature", &output_signature, "FILE",
             "also write the base64 signature of the payload to FILE");
  flags.text("output-payload", &output_payload, "FILE", "also write the payload that was signed to FILE");
  declare_workers(flags, &max_workers, "images and manifests signed at a time");
  flags.boolean("tlog-upload", &tlog_upload,
                "write to the transparency log; `=false` signs without any service");
  flags
      .boolean("use-signing-config", &use_signing_config,
               "services from the trust root; not used without a log")
      .section = compatibility;
  flags.text("signing-config", &signing_config, "FILE", "services to use; one that names no log means no log")
      .section = compatibility;
  Flag& new_format =
      flags.boolean("new-bundle-format", &new_bundle_format,
                    "`=true` is --signature-format bundle, `=false` is --signature-format sig");
  new_format.section = compatibility;
  new_format.default_text.clear();  // by itself it chooses nothing
  flags.boolean("no-tlog-upload", &no_tlog_upload, "the same as --tlog-upload=false, as cosign 1 spells it")
      .section = compatibility;
  flags
      .choice("registry-referrers-mode", &referrers_mode, {"legacy", "oci-1-1"},
              "`oci-1-1` is --signature-format bundle, which is stored as a referrer")
      .section = compatibility;
  flags
      .boolean("record-creation-timestamp", &registry.record_creation,
               "note the time in the .sig tag's manifest")
      .section = compatibility;
  flags
      .text("payload", &payload, "FILE", "sign these bytes as the payload; they must name the image's digest")
      .section = compatibility;
  flags.text("attachment", &attachment, "sbom", "sign what is attached to the image instead").section =
      compatibility;
  flags
      .list("sign-container-identity", &identities, "NAME",
            "docker-reference in the payload; one signature each")
      .section = compatibility;
  registry.declare(flags);
  declare_without_effect(later, flags);
  declare_refused(later, flags);
}

}  // namespace cosign
