#include "cosign/signing/format_flags.h"

namespace cosign {

using sigstore::store::Format;

void FormatFlags::declare(FlagSet& flags, const std::string& tag) {
  flags.choice("signature-format", &signature_format, {"sig", "bundle", "both"},
               "how the signature is stored: the " + tag +
                   " tag that every verifier reads, a sigstore bundle, or both");
}

void FormatFlags::declare_rest(FlagSet& flags) {
  const auto compatibility = Section::compatibility;
  Flag& new_format =
      flags.boolean("new-bundle-format", &new_bundle_format,
                    "`=true` is --signature-format bundle, `=false` is --signature-format sig");
  new_format.section = compatibility;
  new_format.default_text.clear();  // by itself it chooses nothing
  flags
      .choice("registry-referrers-mode", &referrers_mode, {"legacy", "oci-1-1"},
              "`oci-1-1` is --signature-format bundle, which is stored as a referrer")
      .section = compatibility;
}

std::vector<Format> FormatFlags::formats(bool new_bundle_format_given) const {
  if (signature_format == "both") return {Format::simple_signing, Format::bundle};
  if (signature_format == "bundle") return {Format::bundle};
  if (signature_format == "sig") return {Format::simple_signing};
  if (new_bundle_format_given) return {new_bundle_format ? Format::bundle : Format::simple_signing};
  if (referrers_mode == "oci-1-1") return {Format::bundle};
  return {Format::simple_signing};
}

}  // namespace cosign
