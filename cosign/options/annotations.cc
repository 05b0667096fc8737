#include "cosign/options/annotations.h"

#include <algorithm>

namespace cosign {
namespace {

std::vector<std::string> split(const std::string& value) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t comma; (comma = value.find(',', start)) != std::string::npos; start = comma + 1)
    parts.push_back(value.substr(start, comma - start));
  parts.push_back(value.substr(start));
  const bool all_pairs = std::ranges::all_of(parts, [](const std::string& p) { return p.find('=') != std::string::npos; });
  return all_pairs ? parts : std::vector{value};
}

}  // namespace

sigstore::Result<sigstore::oci::Annotations> parse_annotations(const std::vector<std::string>& values) {
  sigstore::oci::Annotations annotations;
  for (const std::string& value : values) {
    for (const std::string& pair : split(value)) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string::npos || equals == 0)
        return sigstore::fail(sigstore::Code::invalid_argument, "not an annotation: " + pair,
                              "an annotation is written key=value");
      annotations[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
  }
  if (annotations.size() > sigstore::limits::annotations)
    return sigstore::fail(sigstore::Code::too_large,
                          "more than " + std::to_string(sigstore::limits::annotations) + " annotations");
  return annotations;
}

}  // namespace cosign
