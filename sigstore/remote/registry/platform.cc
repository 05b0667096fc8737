#include "sigstore/remote/registry/platform.h"

#include "sigstore/base/limits.h"

namespace sigstore::remote {
namespace {

Result<void> check_single(Registry& registry, const oci::Repository& repository,
                          std::string_view manifest_json, const oci::Platform& wanted) {
  TRY(const auto manifest, oci::Manifest::parse(manifest_json));
  TRY(const auto config, registry.blob(repository, manifest.config, limits::manifest_bytes));
  TRY(const auto present, oci::platform_of_config(config));
  if (oci::fits(present, wanted)) return {};
  return fail(Code::not_found, "the image is not for " + wanted.text(),
              "it is no index, and its one image is for " + present.text());
}

}  // namespace

Result<oci::Descriptor> resolve_platform(Registry& registry, const oci::Reference& reference,
                                         const oci::Platform& platform) {
  TRY(auto descriptor, registry.resolve(reference));
  TRY(const auto content, registry.manifest(reference.repository, descriptor.digest.text()));
  if (oci::is_index(content.descriptor.media_type)) {
    TRY(const auto index, oci::Index::parse(content.bytes));
    return oci::select_platform(index, platform);
  }
  TRY_OK(check_single(registry, reference.repository, content.bytes, platform));
  return descriptor;
}

}  // namespace sigstore::remote
