// The changes of a journal, applied, in an SQLite database: what a registry asks many times a second. It
// holds nothing that cannot be made again from the journal. One connection, for one thread at a time.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/host/database.h"
#include "server/registry/change.h"
#include "server/registry/page.h"

namespace server::registry {

// Up to where which journal has been applied.
struct Position {
  std::string journal;
  std::uint64_t end = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

// A row of a list that takes all there is.
struct BlobRow {
  sigstore::oci::Digest digest;
  std::int64_t time = 0;
  friend bool operator==(const BlobRow&, const BlobRow&) = default;
};
struct ManifestRow {
  ManifestEntry entry;
  std::int64_t time = 0;
  friend bool operator==(const ManifestRow&, const ManifestRow&) = default;
};
struct TagRow {
  std::string tag;
  sigstore::oci::Digest digest;
  friend bool operator==(const TagRow&, const TagRow&) = default;
};

class Index {
 public:
  // A file, ":memory:", or "" for a temporary file; one that is empty gets its tables. Code::malformed when
  // it is something else, or damaged; disk_full, io.
  static sigstore::Result<std::unique_ptr<Index>> open(const std::string& path);

  // Answers as in catalogue.h.
  sigstore::Result<bool> has_repository(const std::string& repository);
  sigstore::Result<bool> has_blob(const std::string& repository, const sigstore::oci::Digest& digest);
  sigstore::Result<bool> has_blob(const sigstore::oci::Digest& digest);
  sigstore::Result<bool> has_manifest(const sigstore::oci::Digest& digest);
  // In another repository than this.
  sigstore::Result<bool> has_manifest_outside(const std::string& repository,
                                              const sigstore::oci::Digest& digest);
  sigstore::Result<std::optional<ManifestEntry>> manifest(const std::string& repository,
                                                          const std::string& tag_or_digest);
  // When it was put, in seconds since 1970.
  sigstore::Result<std::optional<std::int64_t>> manifest_time(const std::string& repository,
                                                              const sigstore::oci::Digest& digest);
  sigstore::Result<std::vector<std::string>> repositories(const Page& page);
  sigstore::Result<std::optional<std::int64_t>> pushed(const std::string& repository);
  sigstore::Result<std::vector<std::string>> tags(const std::string& repository, const Page& page);
  sigstore::Result<std::vector<sigstore::oci::Descriptor>> referrers(
      const std::string& repository, const sigstore::oci::Digest& subject,
      const std::optional<std::string>& artifact_type, const Page& page);
  // Everything of a repository, in the order of digests or tags.
  sigstore::Result<std::vector<BlobRow>> blob_rows(const std::string& repository, const Page& page);
  sigstore::Result<std::vector<ManifestRow>> manifest_rows(const std::string& repository, const Page& page);
  sigstore::Result<std::vector<TagRow>> tag_rows(const std::string& repository, const Page& page);

  // Within a transaction of the caller.
  sigstore::Result<void> apply(const Change& change);
  sigstore::Result<void> set_position(const Position& position);
  // Repositories without anything in them.
  sigstore::Result<void> forget_empty_repositories();
  sigstore::Result<Position> position();  // empty when nothing was ever applied
  [[nodiscard]] server::host::Database& database() { return *database_; }

 private:
  friend struct IndexPlans;  // a test: how queries are answered
  explicit Index(std::unique_ptr<server::host::Database> database) : database_(std::move(database)) {}
  sigstore::Result<void> prepare();
  sigstore::Result<std::int64_t> key_of(const std::string& repository);  // made when it is not there
  sigstore::Result<void> put(std::int64_t key, const Change& change);

  enum Query : int {
    find_repository,
    find_blob,
    find_blob_anywhere,
    find_manifest_anywhere,
    find_manifest_outside,
    manifest_by_digest,
    manifest_by_tag,
    time_of_manifest,
    list_repositories,
    newest_manifest,
    list_tags,
    list_referrers,
    list_referrers_of_type,
    all_blobs,
    all_manifests,
    add_repository,
    add_blob,
    put_manifest,
    put_tag,
    remove_blob,
    remove_manifest,
    remove_tags,
    remove_tag,
    get_position,
    put_position,
    query_count,
  };
  static const std::array<std::string_view, query_count> texts;

  std::unique_ptr<server::host::Database> database_;
  std::array<server::host::Statement, query_count> queries_;
};

}  // namespace server::registry
