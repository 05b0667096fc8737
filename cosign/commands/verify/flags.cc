#include "cosign/commands/verify/flags.h"

#include "cosign/options/workers.h"

namespace cosign {
namespace {

void declare_later(LaterFlags& later, FlagSet& flags) {
  const auto refused = LaterFlags::Effect::refused;
  later.declare(flags, refused, "sk", "", "verify with the public key of a hardware token");
  later.declare(flags, refused, "slot", "NAME", "slot of the hardware token");
  later.declare(flags, refused, "certificate", "FILE", "certificate of the signer");
  later.declare(flags, refused, "certificate-chain", "FILE", "its chain");
  for (const char* name :
       {"certificate-email", "certificate-identity", "certificate-identity-regexp", "certificate-oidc-issuer",
        "certificate-oidc-issuer-regexp", "certificate-github-workflow-trigger",
        "certificate-github-workflow-sha", "certificate-github-workflow-name",
        "certificate-github-workflow-repository", "certificate-github-workflow-ref"})
    later.declare(flags, refused, name, "VALUE", "identity in the signer's certificate");
  later.declare(flags, refused, "use-signed-timestamps", "", "require a signed timestamp");
  later.declare(flags, refused, "timestamp-certificate-chain", "FILE", "authority of signed timestamps");
  const auto ignored = LaterFlags::Effect::ignored;
  later.declare(flags, ignored, "ca-roots", "FILE", "not used with --key");
  later.declare(flags, ignored, "ca-intermediates", "FILE", "not used with --key");
  later.declare(flags, ignored, "sct", "FILE", "not used with --key");
  later.declare(flags, ignored, "insecure-ignore-sct", "", "not used with --key");
  later.declare(flags, ignored, "allow-certificate-chain", "", "not used with --key");
  later.declare(flags, ignored, "rekor-url", "URL", "the log is never asked");
  later.declare(flags, ignored, "trusted-root", "FILE", "not used with --key and the log ignored");
  later.declare(flags, ignored, "new-bundle-format", "", "both formats are always looked at");
  later.declare(flags, ignored, "experimental-oci11", "", "referrers are always looked at");
}

}  // namespace

void VerifyFlags::declare(FlagSet& flags) {
  const auto compatibility = Section::compatibility;
  flags.text("key", &key, "KEY", "public key: a file, or env://NAME for a variable that holds it");
  flags.pair_list("annotations", &annotations, "key=value that the signature must carry; repeatable", 'a');
  flags.boolean("insecure-ignore-tlog", &ignore_tlog, "accept signatures that are in no transparency log");
  flags.boolean("check-claims", &check_claims, "compare the digest that was signed with the image's");
  flags.choice(
      "output", &output, {"json", "text", "report"},
      "what to print: the payloads as JSON or text, or a report of every check, for success and failure",
      'o');
  flags.boolean("local-image", &local_image,
                "IMAGE is a folder: an OCI layout, such as `cosign save` writes");
  declare_workers(flags, &max_workers, "images verified at a time");
  flags.text("signature", &signature, "FILE", "base64 signature to verify instead of those in the registry")
      .section = compatibility;
  flags.text("payload", &payload, "FILE", "the payload that --signature is over").section = compatibility;
  flags.text("attachment", &attachment, "sbom", "verify what is attached to the image instead").section =
      compatibility;
  flags.boolean("private-infrastructure", &private_infrastructure, "the same as --insecure-ignore-tlog")
      .section = compatibility;
  flags.boolean("offline", &offline, "has no effect: nothing but the registry is ever asked").section =
      compatibility;
  flags
      .choice("signature-digest-algorithm", &digest_algorithm, {"sha224", "sha256", "sha384", "sha512"},
              "has no effect: the key's digest and SHA-256 are both tried")
      .section = compatibility;
  registry.declare(flags);
  declare_later(later, flags);
}

}  // namespace cosign
