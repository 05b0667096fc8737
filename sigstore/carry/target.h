// Where an image is carried to: a registry, a folder, an archive. Blobs and manifests of one wave come from
// several threads at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/stream.h"
#include "sigstore/carry/cargo.h"
#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::carry {

class Target {
 public:
  virtual ~Target() = default;
  // How many blobs it takes at a time; 0: as many as there are.
  [[nodiscard]] virtual int most_at_once() const { return 0; }
  // Before anything else.
  virtual Result<void> begin(const Cargo&) { return {}; }
  // `content` is verified while it is read, as Source::open() says: it is not hashed once more. `from`: a
  // repository that has it, where that is one.
  virtual Result<remote::Arrival> put_blob(const Item& item, const oci::Descriptor& blob,
                                           const ByteSource& content,
                                           const std::optional<oci::Repository>& from) = 0;
  // All of its blobs, its children and what it hangs on are there.
  virtual Result<void> put_manifest(const Item& item, const std::string& bytes) = 0;
  // All is there: it becomes visible as what it is.
  virtual Result<void> finish(const Cargo& cargo) = 0;
  // What the person should know; after finish().
  [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }
};

}  // namespace sigstore::carry
