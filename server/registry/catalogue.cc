#include "server/registry/catalogue.h"

#include "server/registry/kept.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;
using Kind = Change::Kind;

namespace {

constexpr std::size_t most_connections = 8;
constexpr std::int64_t seconds_fresh = 60 * 60;

// An index in memory has one connection alone.
std::size_t connections(const std::string& database) {
  return database.empty() ? 1 : most_connections;
}

// What is wrong with the index is no fault of whoever asked.
template <typename T>
Result<T> ours(Result<T> result) {
  if (!result && result.error().code == Code::malformed)
    return fail(Code::io, result.error().message, result.error().cause,
                "stop the registry and run cosign registry check --repair");
  return result;
}

// Nothing to write when it was put like this a while ago at most: the same put, again and again, must not
// fill the disk. Later its time moves, because what is old may be collected as garbage.
Result<bool> is_known(Index& index, const std::string& repository, const ManifestEntry& entry,
                      const std::vector<std::string>& tags, std::int64_t now) {
  const Digest& digest = entry.descriptor.digest;
  TRY(const auto time, index.manifest_time(repository, digest));
  if (!time || now < *time || now - *time >= seconds_fresh) return false;
  TRY(const auto known, index.manifest(repository, digest.text()));
  if (!known || *known != entry) return false;
  for (const std::string& tag : tags) {
    TRY(const auto named, index.manifest(repository, tag));
    if (!named || named->descriptor.digest != digest) return false;
  }
  return true;
}

}  // namespace

Catalogue::Catalogue(const sigstore::Env& env, std::unique_ptr<Index> index, const std::string& database,
                     std::optional<Journal> journal, std::string journal_id)
    : env_(env),
      pool_(std::move(index), database, connections(database)),
      writer_(pool_, std::move(journal), std::move(journal_id)) {}

Result<std::unique_ptr<Catalogue>> Catalogue::open(const sigstore::Env& env, const std::string& folder,
                                                   const std::string& database) {
  if (folder.empty()) {
    TRY(auto index, Index::open(":memory:"));
    return std::unique_ptr<Catalogue>(new Catalogue(env, std::move(index), "", std::nullopt, ""));
  }
  TRY(Kept kept, open_kept(env, folder, database));
  return std::unique_ptr<Catalogue>(
      new Catalogue(env, std::move(kept.index), database, std::move(kept.journal), std::move(kept.id)));
}

Result<bool> Catalogue::has_repository(const std::string& repository) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->has_repository(repository));
}

Result<bool> Catalogue::has_blob(const std::string& repository, const Digest& digest) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->has_blob(repository, digest));
}

Result<bool> Catalogue::has_blob(const Digest& digest) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->has_blob(digest));
}

Result<std::optional<ManifestEntry>> Catalogue::manifest(const std::string& repository,
                                                         const std::string& tag_or_digest) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->manifest(repository, tag_or_digest));
}

Result<std::vector<std::string>> Catalogue::repositories(const Page& page) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->repositories(page));
}

Result<std::optional<std::int64_t>> Catalogue::pushed(const std::string& repository) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->pushed(repository));
}

Result<std::vector<std::string>> Catalogue::tags(const std::string& repository, const Page& page) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->tags(repository, page));
}

Result<std::vector<Descriptor>> Catalogue::referrers(const std::string& repository, const Digest& subject,
                                                     const std::optional<std::string>& artifact_type,
                                                     const Page& page) const {
  TRY(const auto index, pool_.borrow());
  return ours(index->referrers(repository, subject, artifact_type, page));
}

Change Catalogue::change(Kind kind, const std::string& repository) const {
  return {.kind = kind, .repository = repository, .time = seconds_now(*env_.clock)};
}

Result<void> Catalogue::add_blob(const std::string& repository, const Digest& digest) {
  const auto work = [&](Index& index, std::vector<Change>& changes) -> Result<bool> {
    TRY(const bool there, index.has_blob(repository, digest));
    if (there) return true;
    changes.push_back(change(Kind::add_blob, repository));
    changes.back().digest = digest;
    return true;
  };
  TRY_OK(ours(writer_.run(work)));
  return {};
}

Result<bool> Catalogue::put_manifest(const std::string& repository, const ManifestEntry& entry,
                                     const std::string& target, const std::vector<std::string>& tags,
                                     const Allowed& allowed) {
  const auto work = [&](Index& index, std::vector<Change>& changes) -> Result<bool> {
    TRY(const auto current, index.manifest(repository, target));
    if (!allowed(current ? &current->descriptor.digest : nullptr)) return false;
    Change put = change(Kind::put_manifest, repository);
    TRY(const bool nothing_new, is_known(index, repository, entry, tags, put.time));
    if (nothing_new) return true;
    changes.push_back(std::move(put));
    changes.back().entry = entry;
    changes.back().tags = tags;
    return true;
  };
  return ours(writer_.run(work));
}

Result<bool> Catalogue::remove_manifest(const std::string& repository, const std::string& tag_or_digest,
                                        const Allowed& allowed) {
  const auto work = [&](Index& index, std::vector<Change>& changes) -> Result<bool> {
    TRY(const auto current, index.manifest(repository, tag_or_digest));
    if (!current || !allowed(&current->descriptor.digest)) return false;
    const bool by_digest = current->descriptor.digest.text() == tag_or_digest;
    changes.push_back(change(by_digest ? Kind::remove_manifest : Kind::remove_tag, repository));
    if (by_digest)
      changes.back().digest = current->descriptor.digest;
    else
      changes.back().tags = {tag_or_digest};
    return true;
  };
  return ours(writer_.run(work));
}

Result<bool> Catalogue::remove_blob(const std::string& repository, const Digest& digest) {
  const auto work = [&](Index& index, std::vector<Change>& changes) -> Result<bool> {
    TRY(const bool there, index.has_blob(repository, digest));
    if (!there) return false;
    changes.push_back(change(Kind::remove_blob, repository));
    changes.back().digest = digest;
    return true;
  };
  return ours(writer_.run(work));
}

Result<void> Catalogue::apply(const std::vector<Change>& changes) {
  const auto work = [&](Index&, std::vector<Change>& to) -> Result<bool> {
    to = changes;
    return true;
  };
  TRY_OK(ours(writer_.run(work)));
  return {};
}

}  // namespace server::registry
