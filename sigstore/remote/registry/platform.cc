#include "sigstore/remote/registry/platform.h"

#include "sigstore/base/limits.h"

namespace sigstore::remote {
namespace {

// Of one among several images: the errors of what was read do not say whose it was.
std::unexpected<Error> cannot_tell(const oci::Reference& image, const Error& error) {
  return fail(error.wrap("cannot tell which platforms " + image.text() + " is for"));
}

Result<oci::Platform> platform_of(Registry& registry, const oci::Repository& repository,
                                  std::string_view manifest_json) {
  TRY(const auto manifest, oci::Manifest::parse(manifest_json));
  TRY(const auto config, registry.blob(repository, manifest.config, limits::manifest_bytes));
  return oci::platform_of_config(config);
}

}  // namespace

Result<oci::Descriptor> resolve_platform(Registry& registry, const oci::Reference& reference,
                                         const oci::Platform& platform) {
  TRY(auto descriptor, registry.resolve(reference));
  TRY(const auto content, registry.manifest(reference.repository, descriptor.digest.text()));
  if (oci::is_index(content.descriptor.media_type)) {
    const auto index = oci::Index::parse(content.bytes);
    if (!index) return cannot_tell(reference, index.error());
    auto child = oci::select_platform(*index, platform);
    if (!child) child.error().message = reference.text() + " has no image for " + platform.text();
    return child;
  }
  const auto present = platform_of(registry, reference.repository, content.bytes);
  if (!present) return cannot_tell(reference, present.error());
  if (oci::fits(*present, platform)) return descriptor;
  return fail(Code::not_found, reference.text() + " is not for " + platform.text(),
              "it is no index, and its one image is for " + present->text());
}

}  // namespace sigstore::remote
