// Where an image is carried from: a registry, a folder, an archive. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/carry/cargo.h"
#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::carry {

// What hangs on one manifest.
struct Hanging {
  struct Tagged {
    Kind kind;
    remote::ManifestContent content;
  };
  std::vector<Tagged> tags;
  std::vector<oci::Descriptor> referrers;
  std::vector<std::string> notes;
};

class Source {
 public:
  virtual ~Source() = default;
  // `attached`: it hangs on the image, and may be kept elsewhere (COSIGN_REPOSITORY). Verified.
  virtual Result<remote::ManifestContent> manifest(const oci::Digest& digest, bool attached) = 0;
  // All of it or an error: what could not be asked is never taken for absent.
  virtual Result<Hanging> hanging(const oci::Digest& subject) = 0;
  // A blob of an item, verified while it is read.
  virtual Result<std::unique_ptr<FileReader>> open(const Item& item, const oci::Descriptor& blob) = 0;
  // The repository that an item's blobs are in, where that is one.
  [[nodiscard]] virtual std::optional<oci::Repository> repository(const Item&) const { return {}; }
};

// Of a registry. Signatures and the like are looked for in `attached`. The arguments outlive the result.
std::unique_ptr<Source> make_registry_source(remote::Registry& registry, oci::Repository image,
                                             oci::Repository attached, std::string tag_prefix);

}  // namespace sigstore::carry
