// One repository as the garbage collector sees it: what holds what. For gc.cc.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/registry/gc.h"

namespace server::registry {

class GcRepository {
 public:
  using Digest = sigstore::oci::Digest;
  struct Manifest {
    ManifestEntry entry;
    std::vector<Digest> children, blobs;
    bool young = false;
    bool live = false;
  };

  explicit GcRepository(std::string name) : name_(std::move(name)) {}

  void add(const Digest& digest, Manifest manifest) { manifests_.emplace(digest, std::move(manifest)); }
  void add_tag(const TagRow& row) { tags_.push_back(row); }
  void add_blob(const Digest& digest, bool young) { blobs_.emplace_back(digest, young); }

  // Whether another repository has this manifest.
  using Elsewhere = std::function<sigstore::Result<bool>(const Digest&)>;
  sigstore::Result<void> mark(const GcOptions& options, const Elsewhere& elsewhere);
  // What mark() did not reach.
  void sweep(std::vector<Removal>& removals) const;

 private:
  [[nodiscard]] bool is_signature_tag(const TagRow& row) const;
  [[nodiscard]] sigstore::Result<bool> is_root(const Digest& digest, const Manifest& manifest,
                                               const GcOptions& options, const Elsewhere& elsewhere) const;
  [[nodiscard]] bool is_detached(const Digest& digest) const;
  void find_tags();
  void reach(const Digest& digest);
  [[nodiscard]] std::vector<Digest> dead_parents_first() const;

  const std::string name_;
  std::map<Digest, Manifest> manifests_;
  std::vector<TagRow> tags_;
  std::vector<std::pair<Digest, bool>> blobs_;

  std::set<Digest> ordinary_;                       // what ordinary tags name
  std::map<Digest, std::vector<Digest>> hanging_;   // by subject: its referrers, and what its tags name
  std::map<Digest, std::vector<Digest>> subjects_;  // the other way round
};

}  // namespace server::registry
