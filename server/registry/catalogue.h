// What a registry knows beside the content itself: which repository holds which blobs, manifests and tags,
// and which manifests refer to which. Thread-safe; with a folder every change is on disk before it is
// visible. Kept in a journal (journal.h) and asked in an index (index.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/registry/index_pool.h"
#include "server/registry/writer.h"
#include "sigstore/base/env.h"

namespace server::registry {

class Catalogue {
 public:
  // Without a folder nothing is kept. With one its journal is there; the index is in memory and made anew,
  // or in the file `database`, and made anew when it is not there or cannot be used. `env` outlives it.
  // Errors: those of open_kept() (kept.h).
  static sigstore::Result<std::unique_ptr<Catalogue>> open(const sigstore::Env& env,
                                                           const std::string& folder = "",
                                                           const std::string& database = "");

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
  // When its newest manifest came, in seconds since 1970; nullopt when it has none.
  [[nodiscard]] sigstore::Result<std::optional<std::int64_t>> pushed(const std::string& repository) const;
  [[nodiscard]] sigstore::Result<std::vector<std::string>> tags(const std::string& repository,
                                                                const Page& page = {}) const;
  // By digest; those of this artifact type alone, when one is given.
  [[nodiscard]] sigstore::Result<std::vector<sigstore::oci::Descriptor>> referrers(
      const std::string& repository, const sigstore::oci::Digest& subject,
      const std::optional<std::string>& artifact_type = {}, const Page& page = {}) const;
  // For those who look at everything.
  [[nodiscard]] sigstore::Result<IndexPool::Loan> index() const { return pool_.borrow(); }

  sigstore::Result<void> add_blob(const std::string& repository, const sigstore::oci::Digest& digest);
  // Asked, one writer at a time, about what a tag or digest names now (null: nothing). False changes nothing.
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
  // All of it together, in this order.
  sigstore::Result<void> apply(const std::vector<Change>& changes);

 private:
  Catalogue(const sigstore::Env& env, std::unique_ptr<Index> index, const std::string& database,
            std::optional<Journal> journal, std::string journal_id);
  [[nodiscard]] Change change(Change::Kind kind, const std::string& repository) const;

  const sigstore::Env env_;
  mutable IndexPool pool_;
  Writer writer_;
};

}  // namespace server::registry
