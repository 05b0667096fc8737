// The page of an image: what it is, how to get it, and the tree of what hangs on it.
#pragma once

#include <string>
#include <vector>

#include "server/registry/page/facts.h"
#include "server/registry/page/summary.h"

namespace server::registry::page {

struct ImageView {
  struct Child {
    sigstore::oci::Descriptor descriptor;
    std::optional<Facts> facts;  // none: it is not here, or was not looked at
    std::optional<Summary> summary;
  };
  sigstore::oci::Reference reference;  // as it is asked for; `typed` is what tools would be told
  Facts facts;
  std::vector<Child> children;  // of an index, at most limits::page_lines
  std::shared_ptr<const Survey> survey;
  sigstore::verify::TrustedMaterial keys;
};

// Code::not_found when there is no such image.
sigstore::Result<ImageView> read_image(Surveys& surveys, const sigstore::oci::Reference& reference);
html::Html as_html(const ImageView& view, const Place& place);

// The document of `cosign tree --output json REFERENCE`, byte for byte; with `signers`, each artifact has
// that member more (docs/formats/tree.md).
std::string as_json(const ImageView& view, bool signers);

// tree.cc: what hangs on the image, as nested lists.
html::Html tree_of(const ImageView& view);

}  // namespace server::registry::page
