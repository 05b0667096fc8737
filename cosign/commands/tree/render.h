// What `cosign tree` prints: text for people, as the original has it, and a versioned JSON document.
#pragma once

#include <string>

#include "sigstore/oci/reference.h"
#include "sigstore/store/attachments.h"

namespace cosign {

struct Tree {
  sigstore::oci::Reference image;
  sigstore::oci::Digest digest;  // what it names
  sigstore::store::Attachments attachments;
};

std::string as_text(const Tree& tree);
std::string as_json(const Tree& tree);  // docs/formats/tree.md

}  // namespace cosign
