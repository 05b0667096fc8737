#include "cosign/commands/attest/flags.h"

#include "cosign/options/workers.h"

namespace cosign {
namespace {

void declare_old(AttestFlags& attest, FlagSet& flags) {
  const auto compatibility = Section::compatibility;
  flags
      .boolean("record-creation-timestamp", &attest.registry.record_creation,
               "note the time in the .att tag's manifest")
      .section = compatibility;
  attest.signing.later.declare(flags, LaterFlags::Effect::ignored, "rekor-entry-type", "dsse|intoto",
                               "kind of the log entry; not used without a log");
}

}  // namespace

void AttestFlags::declare(FlagSet& flags) {
  predicate.declare(flags);
  signing.declare(flags);
  flags.boolean("replace", &replace,
                "take away what this key said before of the same type, in either format");
  flags.boolean("recursive", &recursive, "attest every manifest below an index as well, in parallel", 'r');
  format.declare(flags);
  flags.boolean("force", &force, "attest anew although this key said the same before", 'f');
  flags.boolean("no-upload", &no_upload,
                "put nothing into the registry: the envelope goes to stdout, or to --bundle FILE");
  flags.boolean("own-tags", &registry.own_tags,
                "keep the attestation under a tag of its own as well, for many signers on a registry that "
                "ignores If-Match");
  flags.text("bundle", &bundle, "FILE", "also write the attestation as a sigstore bundle to FILE");
  declare_workers(flags, &max_workers, "images and manifests attested at a time");
  format.declare_rest(flags);
  declare_old(*this, flags);
  registry.declare(flags);
  signing.declare_rest(flags);
}

}  // namespace cosign
