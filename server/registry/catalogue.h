// What a registry knows beside the content itself: which repository holds which blobs, manifests and tags,
// and which manifests refer to which. Thread-safe; with a folder every change is on disk before it is
// visible.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "server/registry/record.h"
#include "sigstore/base/env.h"

namespace server::registry {

// A part of a list: what comes after `last`, at most `limit`.
struct Page {
  std::string last{};
  std::size_t limit = std::numeric_limits<std::int64_t>::max();
};

class Catalogue {
 public:
  // Nothing is kept when `folder` is empty. `files` outlives it. Errors: malformed, io.
  static sigstore::Result<std::unique_ptr<Catalogue>> open(sigstore::Files& files, std::string folder);

  // What cannot be read is an error, and never absent.
  [[nodiscard]] sigstore::Result<bool> has_repository(const std::string& repository) const;
  [[nodiscard]] sigstore::Result<bool> has_blob(const std::string& repository,
                                                const sigstore::oci::Digest& digest) const;
  // In any repository.
  [[nodiscard]] sigstore::Result<bool> has_blob(const sigstore::oci::Digest& digest) const;
  // Of a tag or digest.
  [[nodiscard]] sigstore::Result<std::optional<ManifestEntry>> manifest(
      const std::string& repository, const std::string& tag_or_digest) const;
  // Lists are sorted, as bytes.
  [[nodiscard]] sigstore::Result<std::vector<std::string>> repositories(const Page& page = {}) const;
  [[nodiscard]] sigstore::Result<std::vector<std::string>> tags(const std::string& repository,
                                                                const Page& page = {}) const;
  // By digest; those of this artifact type alone, when one is given.
  [[nodiscard]] sigstore::Result<std::vector<sigstore::oci::Descriptor>> referrers(
      const std::string& repository, const sigstore::oci::Digest& subject,
      const std::optional<std::string>& artifact_type = {}, const Page& page = {}) const;

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
