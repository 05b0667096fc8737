// The manifest that makes a bundle a referrer of its image, both ways.
#pragma once

#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/oci/manifest.h"

namespace sigstore::store {

inline constexpr std::string_view empty_config = "{}";

// As cosign 3.1 writes it (cosign.md 2d), for the bundle that was written as `json`.
Result<oci::Manifest> make_bundle_manifest(const oci::Descriptor& subject, const bundle::Bundle& bundle,
                                           std::string_view json, Time created);

// The layers of a referrer that are signatures: the one of a bundle's manifest, or all simple signing
// payloads of the older form (`sign --registry-referrers-mode=oci-1-1` of real cosign, cosign.md 2c). Empty
// for a referrer of another kind. Code::malformed or mismatch for a bundle's manifest that has more layers,
// or is about something else than `subject`.
Result<std::vector<oci::Descriptor>> signature_layers(const oci::Digest& subject, std::string_view media_type,
                                                      std::string_view manifest);

}  // namespace sigstore::store
