// What an IMAGE argument names, with errors as the person should read them.
#pragma once

#include <optional>

#include "cosign/options/registry.h"
#include "cosign/session/session.h"
#include "sigstore/oci/platform.h"

namespace cosign {

// Its digest. One that was typed is taken as it is; only a tag needs the registry.
sigstore::Result<sigstore::oci::Digest> digest_of(Session& session, const RegistryFlags& flags,
                                                  const sigstore::oci::Reference& reference);

// Its manifest, which must be there; with `platform` that of the one image for it.
sigstore::Result<sigstore::oci::Descriptor> find_image(
    Session& session, const RegistryFlags& flags, const sigstore::oci::Reference& reference,
    const std::optional<sigstore::oci::Platform>& platform = std::nullopt);

}  // namespace cosign
