#include "cosign/session/image.h"

#include "sigstore/remote/registry/platform.h"

namespace cosign {

using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;

Result<sigstore::oci::Digest> digest_of(Session& session, const RegistryFlags& flags,
                                        const Reference& reference) {
  if (reference.digest) return *reference.digest;
  TRY(const auto found, find_image(session, flags, reference));
  return found.digest;
}

Result<sigstore::oci::Descriptor> find_image(Session& session, const RegistryFlags& flags,
                                             const Reference& reference,
                                             const std::optional<sigstore::oci::Platform>& platform) {
  auto& registry = session.registry(flags);
  auto found = platform ? sigstore::remote::resolve_platform(registry, reference, *platform)
                        : registry.resolve(reference);
  if (!found) return fail(session.explain(found.error(), reference));
  return found;
}

}  // namespace cosign
