// An image and all that hangs on it, as one versioned JSON document: what `cosign tree --output json` prints
// and what a registry's page says (docs/formats/tree.md).
#pragma once

#include <optional>
#include <string>

#include "sigstore/oci/reference.h"
#include "sigstore/store/attachments.h"

namespace sigstore::store {

struct Tree {
  oci::Reference image;
  oci::Digest digest;  // what it names
  Attachments attachments;
};

// Resolves a tag, and looks in `repository` when there is one (COSIGN_REPOSITORY), else in the image's own.
// What could not be asked stands in the tree; errors are those of the image itself: not_found, and what else
// Registry::resolve() may say.
Result<Tree> grow_tree(remote::Registry& registry, const oci::Reference& image,
                       const std::optional<oci::Repository>& repository, const std::string& tag_prefix);

codec::json::Object document(const Tree& tree);
std::string as_json(const Tree& tree);  // the document, indented, without a last line break

}  // namespace sigstore::store
