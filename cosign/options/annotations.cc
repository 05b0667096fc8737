#include "cosign/options/annotations.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;

// JSON is UTF-8: other bytes would be signed as something else than was typed.
bool survives_json(const std::string& text) {
  const auto back = json::parse(json::write(json::Value(text)), "an annotation");
  return back && back->string() != nullptr && *back->string() == text;
}

}  // namespace

sigstore::Result<sigstore::oci::Annotations> parse_annotations(const std::vector<std::string>& pairs) {
  sigstore::oci::Annotations annotations;
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return sigstore::fail(sigstore::Code::invalid_argument, "not an annotation: " + pair,
                            "an annotation is written key=value");
    if (!survives_json(pair))
      return sigstore::fail(sigstore::Code::invalid_argument, "not an annotation: " + pair,
                            "it has bytes that are no UTF-8");
    annotations[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  if (annotations.size() > sigstore::limits::annotations)
    return sigstore::fail(sigstore::Code::too_large,
                          "more than " + std::to_string(sigstore::limits::annotations) + " annotations");
  return annotations;
}

}  // namespace cosign
