// What a bundle says, as one document (docs/formats/bundle-inspection.md). Nothing of it is verified.
#pragma once

#include <string>

#include "sigstore/base/result.h"
#include "sigstore/codec/json.h"

namespace cosign::bundle_inspect {

// Of a sigstore bundle v0.1 to v0.3, or of the file that cosign 1 and 2 wrote. Code::malformed when it is
// neither, with the rule that it breaks.
sigstore::Result<sigstore::codec::json::Object> inspect(const std::string& text);

// The document for people: a line for each value, as `- Label: value`, indented by two. Control characters
// become visible text.
std::string as_tree(const sigstore::codec::json::Object& document);

}  // namespace cosign::bundle_inspect
