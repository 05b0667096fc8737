#include "cosign/commands/copy/only.h"

#include <map>

namespace cosign::copy {

using sigstore::carry::Kind;

sigstore::Result<std::set<Kind>> parse_only(const std::vector<std::string>& words) {
  static const std::map<std::string, Kind, std::less<>> kinds = {{"image", Kind::image},
                                                                 {"sig", Kind::signatures},
                                                                 {"att", Kind::attestations},
                                                                 {"sbom", Kind::sbom},
                                                                 {"referrers", Kind::referrer}};
  std::set<Kind> chosen;
  for (const std::string& word : words) {
    const auto known = kinds.find(word);
    if (known == kinds.end())
      return sigstore::fail(sigstore::Code::invalid_argument, "invalid value for --only: " + word,
                            "only the following values are supported: image, sig, att, sbom, referrers");
    chosen.insert(known->second);
  }
  return chosen;
}

}  // namespace cosign::copy
