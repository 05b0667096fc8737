#include "cosign/commands/sign/flags.h"

#include "cosign/options/workers.h"

namespace cosign {
namespace {

constexpr auto compatibility = Section::compatibility;

void declare_old(SignFlags& sign, FlagSet& flags) {
  flags
      .boolean("record-creation-timestamp", &sign.registry.record_creation,
               "note the time in the .sig tag's manifest")
      .section = compatibility;
  flags
      .text("payload", &sign.payload, "FILE",
            "sign these bytes as the payload; they must name the image's digest")
      .section = compatibility;
  flags.text("attachment", &sign.attachment, "sbom", "sign what is attached to the image instead").section =
      compatibility;
  flags
      .list("sign-container-identity", &sign.identities, "NAME",
            "docker-reference in the payload; one signature each")
      .section = compatibility;
}

}  // namespace

void SignFlags::declare(FlagSet& flags) {
  signing.declare(flags);
  flags.pair_list("annotations", &annotations, "key=value to sign along; repeatable", 'a');
  flags.boolean("recursive", &recursive, "sign every manifest below an index as well, in parallel", 'r');
  format.declare(flags);
  flags.boolean("force", &force, "sign anew although an equal signature is there", 'f');
  flags.boolean("upload", &upload, "put the signature into the registry");
  flags.boolean("own-tags", &registry.own_tags,
                "keep the signature under a tag of its own as well, for many signers on a registry that "
                "ignores If-Match");
  flags.text("bundle", &bundle, "FILE", "also write the signature as a sigstore bundle to FILE");
  flags.text("output-signature", &output_signature, "FILE",
             "also write the base64 signature of the payload to FILE");
  flags.text("output-payload", &output_payload, "FILE", "also write the payload that was signed to FILE");
  declare_workers(flags, &max_workers, "images and manifests signed at a time");
  format.declare_rest(flags);
  declare_old(*this, flags);
  registry.declare(flags);
  signing.declare_rest(flags);
}

}  // namespace cosign
