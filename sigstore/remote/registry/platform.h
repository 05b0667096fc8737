// The image for one platform, as a registry has it.
#pragma once

#include "sigstore/oci/platform.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::remote {

// What `reference` names, for this platform: of an index the child that fits; an image that stands alone
// counts only when its configuration is for this platform. Code::not_found when there is no such image.
Result<oci::Descriptor> resolve_platform(Registry& registry, const oci::Reference& reference,
                                         const oci::Platform& platform);

}  // namespace sigstore::remote
