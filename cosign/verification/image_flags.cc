#include "cosign/verification/image_flags.h"

#include "cosign/options/workers.h"

namespace cosign {

void ImageFlags::declare(FlagSet& flags) {
  const auto compatibility = Section::compatibility;
  material.declare(flags);
  flags.pair_list("annotations", &annotations, "key=value that the signature must carry; repeatable", 'a');
  flags.boolean("check-claims", &check_claims, "compare the digest that was signed with the image's");
  flags.choice(
      "output", &output, {"json", "text", "report"},
      "what to print: the payloads as JSON or text, or a report of every check, for success and failure",
      'o');
  flags.boolean("local-image", &local_image,
                "IMAGE is what `cosign save` wrote: a folder (OCI layout) or an archive");
  declare_workers(flags, &max_workers, "images verified at a time");
  flags.text("signature", &signature, "FILE", "base64 signature to verify instead of those in the registry")
      .section = compatibility;
  flags.text("payload", &payload, "FILE", "the payload that --signature is over").section = compatibility;
  flags.text("attachment", &attachment, "sbom", "verify what is attached to the image instead").section =
      compatibility;
  flags
      .choice("signature-digest-algorithm", &digest_algorithm, {"sha224", "sha256", "sha384", "sha512"},
              "has no effect: the key's digest and SHA-256 are both tried")
      .section = compatibility;
  registry.declare(flags);
  material.declare_rest(flags);
  material.later.declare(flags, LaterFlags::Effect::ignored, "experimental-oci11", "",
                         "referrers are always looked at");
}

}  // namespace cosign
