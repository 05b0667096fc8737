#include "cosign/signing/format_flags.h"

namespace cosign {

using sigstore::store::Format;

void FormatFlags::declare(FlagSet& flags) {
  const bool attestation = tag == Format::envelope;
  const std::string name(sigstore::store::name(tag));
  std::vector<std::string> choices{name, "bundle", "both"};
  if (attestation) choices.emplace_back("sig");  // of a variable that is set for `sign` as well
  flags.choice("signature-format", &signature_format, std::move(choices),
               std::string("how the ") + (attestation ? "attestation" : "signature") + " is stored: the ." +
                   name + " tag that every verifier reads, a sigstore bundle, or both");
}

void FormatFlags::declare_rest(FlagSet& flags) {
  const auto compatibility = Section::compatibility;
  Flag& new_format = flags.boolean("new-bundle-format", &new_bundle_format,
                                   "`=true` is --signature-format bundle, `=false` is --signature-format " +
                                       std::string(sigstore::store::name(tag)));
  new_format.section = compatibility;
  new_format.default_text.clear();  // by itself it chooses nothing
  flags
      .choice("registry-referrers-mode", &referrers_mode, {"legacy", "oci-1-1"},
              "`oci-1-1` is --signature-format bundle, which is stored as a referrer")
      .section = compatibility;
}

std::vector<Format> FormatFlags::formats(bool new_bundle_format_given) const {
  if (signature_format == "both") return {tag, Format::bundle};
  if (signature_format == "bundle") return {Format::bundle};
  if (!signature_format.empty()) return {tag};
  if (new_bundle_format_given) return {new_bundle_format ? Format::bundle : tag};
  if (referrers_mode == "oci-1-1") return {Format::bundle};
  return {tag};
}

}  // namespace cosign
