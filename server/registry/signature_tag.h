// Tags beside an image that name what hangs on it (docs/formats/signature-tag.md).
#pragma once

#include <optional>
#include <string_view>

#include "sigstore/oci/digest.h"

namespace server::registry {

struct SignatureTag {
  sigstore::oci::Digest subject;  // the image
  bool fallback = false;  // "sha256-HEX" without a suffix: an index of referrers, or an image's own tag
};

// [PREFIX]sha256-HEX(.sig|.att|.sbom)[-KEY], or sha256-HEX[-KEY]; KEY: 16 hex digits, a signer's own tag.
// nullopt for any other tag.
std::optional<SignatureTag> parse_signature_tag(std::string_view tag);

}  // namespace server::registry
