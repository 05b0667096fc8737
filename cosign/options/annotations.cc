#include "cosign/options/annotations.h"

#include "sigstore/base/limits.h"

namespace cosign {

sigstore::Result<sigstore::oci::Annotations> parse_annotations(const std::vector<std::string>& pairs) {
  sigstore::oci::Annotations annotations;
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return sigstore::fail(sigstore::Code::invalid_argument, "not an annotation: " + pair,
                            "an annotation is written key=value");
    annotations[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  if (annotations.size() > sigstore::limits::annotations)
    return sigstore::fail(sigstore::Code::too_large,
                          "more than " + std::to_string(sigstore::limits::annotations) + " annotations");
  return annotations;
}

}  // namespace cosign
