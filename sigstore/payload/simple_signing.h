// The simple signing payload: what a `.sig` layer holds and what its signature covers
// (containers/image, "Simple Signing"; cosign SIGNATURE_SPEC.md).
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/oci/digest.h"
#include "sigstore/oci/manifest.h"

namespace sigstore::payload {

inline constexpr std::string_view simple_signing_type = "cosign container image signature";

struct SimpleSigning {
  std::string docker_reference;  // claimed identity; cosign does not check it
  oci::Digest manifest_digest;
  std::string type;
  codec::json::Object optional;  // annotations; values are strings when written here
  bool has_optional = false;     // false: `"optional":null`

  // Lenient on order and extra members, as the real one. Code::malformed without a digest.
  static Result<SimpleSigning> parse(std::string_view payload);
  friend bool operator==(const SimpleSigning&, const SimpleSigning&) = default;
};

// The exact bytes that real cosign signs: compact, Go's escapes, keys of `annotations` sorted, null when
// empty.
std::string write_simple_signing(std::string_view docker_reference, const oci::Digest& digest,
                                 const oci::Annotations& annotations);

}  // namespace sigstore::payload
