// A registry that an image is carried to.
#pragma once

#include "sigstore/carry/target.h"

namespace sigstore::carry {

struct RegistryTargetOptions {
  oci::Repository image;
  oci::Repository attached;        // where signatures and the like go; often the same
  std::optional<std::string> tag;  // of the image, written last; nullopt: none
  bool force = false;              // a tag that is another image's is taken
  std::string tag_prefix;          // of .sig, .att and .sbom
};

// What is there already is not sent. Others' signatures stay: the layers of a `.sig` or `.att` tag are added
// to those that are there, and a registry that does not list referrers itself gets them into the index of its
// fallback tag, both through store/shared_tag. Code::conflict: the tag is another image's, and not `force`;
// it is found before anything is sent. All that is passed outlives the result.
std::unique_ptr<Target> make_registry_target(remote::Registry& registry, const Env& env,
                                             RegistryTargetOptions options);

// Whether a tag is one that cosign or OCI gives to what hangs on an image ("sha256-<hex>", with or without a
// suffix): an image under it would hide signatures.
bool is_attachment_tag(std::string_view tag);

}  // namespace sigstore::carry
