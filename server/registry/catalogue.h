// What a registry knows beside the content itself: which repository holds which blobs, manifests and tags,
// and which manifests refer to which. Thread-safe; with a folder every change is on disk before it is
// visible.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "server/registry/record.h"
#include "sigstore/base/env.h"

namespace server::registry {

class Catalogue {
 public:
  // Nothing is kept when `folder` is empty. `files` outlives it. Errors: malformed, io.
  static sigstore::Result<std::unique_ptr<Catalogue>> open(sigstore::Files& files, std::string folder);

  [[nodiscard]] std::vector<std::string> repositories() const;  // sorted
  [[nodiscard]] bool has_repository(const std::string& repository) const;
  [[nodiscard]] bool has_blob(const std::string& repository, const sigstore::oci::Digest& digest) const;
  [[nodiscard]] bool has_blob(const sigstore::oci::Digest& digest) const;  // in any repository
  // Of a tag or digest.
  [[nodiscard]] std::optional<ManifestEntry> manifest(const std::string& repository,
                                                      const std::string& tag_or_digest) const;
  [[nodiscard]] std::vector<std::string> tags(const std::string& repository) const;  // sorted
  [[nodiscard]] std::vector<sigstore::oci::Descriptor> referrers(const std::string& repository,
                                                                 const sigstore::oci::Digest& subject) const;

  sigstore::Result<void> add_blob(const std::string& repository, const sigstore::oci::Digest& digest);
  // Asked, under the lock, about what a tag or digest names now (null: nothing). False changes nothing.
  using Allowed = std::function<bool(const sigstore::oci::Digest* current)>;
  // The manifest and `tags`, which name it from now on: all of it or nothing. `allowed` is asked about
  // `target`, one of the tags or the digest. False when it is not allowed.
  sigstore::Result<bool> put_manifest(const std::string& repository, const ManifestEntry& entry,
                                      const std::string& target, const std::vector<std::string>& tags,
                                      const Allowed& allowed);
  // False when it is not there, or not allowed (asked only when it is there). A digest takes its tags along.
  sigstore::Result<bool> remove_manifest(const std::string& repository, const std::string& tag_or_digest,
                                         const Allowed& allowed);
  sigstore::Result<bool> remove_blob(const std::string& repository, const sigstore::oci::Digest& digest);

 private:
  using Repository = RepositoryRecord;
  Catalogue(sigstore::Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}
  sigstore::Result<void> read(const std::string& file);
  // Makes the changed copy durable, then visible.
  sigstore::Result<void> replace(const std::string& repository, Repository changed);
  [[nodiscard]] Repository copy(const std::string& repository) const;
  [[nodiscard]] const Repository* find(const std::string& repository) const;

  sigstore::Files& files_;
  const std::string folder_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Repository> repositories_;
};

}  // namespace server::registry
