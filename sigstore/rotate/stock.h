// Which digests are there that may be signed: all that can be reached from the tags of a repository.
//
// That is what the tags name; the digests that tags beside images are named after (`sha256-….sig`, `.att`,
// `.sbom`, the list of referrers, those of --own-tags), so that an image without a tag is found when it is
// signed there; the children of indexes at any depth; and what hangs on any of them as a referrer, unless it
// is a signature itself. A registry has no list of its digests: an image that has neither a tag nor such a
// tag beside it, and is no child of one, has to be named (StockOptions::also).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/oci/manifest.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/rotate/place.h"

namespace sigstore::rotate {

struct Found {
  oci::Digest digest;
  std::vector<std::string> names;  // "v1", "v1 (linux/arm64)", "sha256-….sig"; in the order they were found
  oci::Repository home;            // where its manifest is: that of images, or of signatures
  bool there = false;              // false: only what is named after it is there
};

struct Stock {
  std::vector<Found> found;        // each digest once: tags in the registry's order, then what is below them
  std::vector<Failure> failures;   // more may be there
  std::vector<std::string> notes;  // what was passed over
};

struct StockOptions {
  std::vector<oci::Digest> also;              // digests that no tag leads to
  int workers = 1;                            // requests at a time
  std::function<Result<void>()> may_go_on;    // an error ends it; may be empty
  std::function<void(std::size_t)> progress;  // digests found so far, from one thread; may be empty
};

// Errors: that the tags of the repository cannot be listed, and those of `may_go_on`.
Result<Stock> take_stock(remote::Registry& registry, const Place& place, const StockOptions& options);

// What the tag beside an image is named after, and what kind it is; nullopt for any other tag.
struct Beside {
  oci::Digest digest;
  std::string suffix;  // ".sig", ".att", ".sbom"; "" of a list of referrers
  bool own = false;    // of one signer alone (--own-tags)
};
std::optional<Beside> beside(std::string_view tag, std::string_view prefix);

}  // namespace sigstore::rotate
