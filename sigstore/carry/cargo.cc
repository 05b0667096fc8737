#include "sigstore/carry/cargo.h"

#include <set>

namespace sigstore::carry {

std::string_view tag_suffix(Kind kind) {
  switch (kind) {
    case Kind::signatures:
      return ".sig";
    case Kind::attestations:
      return ".att";
    case Kind::sbom:
      return ".sbom";
    case Kind::image:
    case Kind::referrer:
      break;
  }
  return {};
}

std::uint64_t Cargo::bytes() const {
  std::set<oci::Digest> seen;
  std::uint64_t sum = 0;
  for (const Item& item : items)
    for (const oci::Descriptor& blob : item.blobs)
      if (seen.insert(blob.digest).second) sum += blob.size;
  return sum;
}

}  // namespace sigstore::carry
