// What kind of SBOM a file is, and whether it is one at all.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace cosign::attach_sbom {

struct Asked {
  std::string type = "spdx";  // "spdx", "cyclonedx" or "syft"
  std::string input_format;   // "json", "xml", "text"; empty: what the content is
  std::string path;           // for messages
};

// The media type that real cosign gives an SBOM of that type and form: text/spdx, text/spdx+json,
// application/vnd.cyclonedx+xml, application/vnd.cyclonedx+json, application/vnd.syft+json. The form is that
// of the content (the original goes by the file's name). Code::invalid_argument for a form that the type does
// not have; Code::malformed when the content is not of that form: JSON is checked whole, XML must begin with
// '<', text must be UTF-8 and name an SPDXVersion.
sigstore::Result<std::string> media_type_of(const Asked& asked, std::string_view content);

// The --type with which `attest` takes an SBOM of that media type; of those that no type is for, "custom".
std::string attest_type(std::string_view media_type);

}  // namespace cosign::attach_sbom
