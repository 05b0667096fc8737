#include "cosign/verification/attestation_flags.h"

#include "cosign/options/predicate_type.h"
#include "cosign/options/workers.h"

namespace cosign {

void AttestationFlags::declare(FlagSet& flags) {
  material.declare(flags);
  declare_type(flags, &type,
               "the predicate type that is wanted: a short name such as spdxjson, or any URI; without it any "
               "will do, and which it is is said");
  policy.declare(flags);
  flags.boolean("check-claims", &check_claims,
                "compare the digest that the statement is about with the image's");
  flags.choice(
      "output", &output, {"json", "text", "report"},
      "what to print: an envelope a line (json and text), or a report of every check, for success and "
      "failure",
      'o');
  flags.boolean("local-image", &local_image,
                "IMAGE is what `cosign save` wrote: a folder (OCI layout) or an archive");
  declare_workers(flags, &max_workers, "images verified at a time");
  registry.declare(flags);
  material.declare_rest(flags);
  material.later.declare(flags, LaterFlags::Effect::ignored, "experimental-oci11", "",
                         "referrers are always looked at");
  material.later.declare(flags, LaterFlags::Effect::ignored, "signature-digest-algorithm", "NAME",
                         "has no effect: the key's digest and SHA-256 are both tried");
}

}  // namespace cosign
