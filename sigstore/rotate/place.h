// Where the images of a rotation are, and where their signatures.
#pragma once

#include <string>

#include "sigstore/base/result.h"
#include "sigstore/oci/reference.h"

namespace sigstore::rotate {

struct Place {
  oci::Repository images;
  oci::Repository signatures;  // COSIGN_REPOSITORY, or `images`
  std::string tag_prefix;      // --attachment-tag-prefix
};

// Something that could not be asked or done.
struct Failure {
  std::string what;  // a tag, a digest: what is not known because of it
  Error error;
};

}  // namespace sigstore::rotate
