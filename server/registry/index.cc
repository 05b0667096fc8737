#include "server/registry/index.h"

#include "sigstore/codec/json.h"

namespace server::registry {

using host::Database;
using host::Rows;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;
namespace json = sigstore::codec::json;

namespace {

constexpr std::int64_t application_id = 0x636f7369;  // "cosi"
constexpr std::int64_t schema_version = 2;

// WAL: readers never wait for the writer. NORMAL: whole after a power cut, though perhaps older; the journal
// has the rest.
constexpr const char* settings = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA secure_delete = OFF;
PRAGMA cache_size = -256;
)";

constexpr const char* schema = R"(
BEGIN IMMEDIATE;
CREATE TABLE position(one INTEGER PRIMARY KEY CHECK (one = 1), journal TEXT NOT NULL, end INTEGER NOT NULL);
CREATE TABLE repositories(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE blobs(repository INTEGER NOT NULL, digest TEXT NOT NULL, time INTEGER NOT NULL,
  PRIMARY KEY (repository, digest)) WITHOUT ROWID;
CREATE INDEX blobs_by_digest ON blobs(digest);
CREATE TABLE manifests(id INTEGER PRIMARY KEY, repository INTEGER NOT NULL, digest TEXT NOT NULL,
  media_type TEXT NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL,
  subject TEXT, artifact_type TEXT, referrer TEXT, UNIQUE (repository, digest));
CREATE INDEX manifests_by_digest ON manifests(digest);
CREATE INDEX manifests_by_time ON manifests(repository, time);
CREATE INDEX referrers ON manifests(repository, subject, digest) WHERE subject IS NOT NULL;
CREATE TABLE tags(repository INTEGER NOT NULL, tag TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (repository, tag)) WITHOUT ROWID;
CREATE INDEX tags_by_digest ON tags(repository, digest);
PRAGMA application_id = 1668248425;
PRAGMA user_version = 2;
COMMIT;
)";
// Version 1 lacks an index, and is right but for that.
constexpr const char* upgrade = R"(
BEGIN IMMEDIATE;
CREATE INDEX IF NOT EXISTS manifests_by_time ON manifests(repository, time);
PRAGMA user_version = 2;
COMMIT;
)";
static_assert(application_id == 1668248425 && schema_version == 2, "as in the schema");

Result<std::int64_t> pragma(Database& database, const std::string& name) {
  TRY(auto statement, database.prepare("PRAGMA " + name));
  Rows rows = statement.rows();
  TRY(const bool any, rows.next());
  return any ? rows.number(0) : 0;
}

Result<void> ensure_schema(Database& database) {
  TRY(const std::int64_t id, pragma(database, "application_id"));
  TRY(const std::int64_t version, pragma(database, "user_version"));
  if (id == application_id && version == schema_version) return {};
  if (id == application_id && version == 1) return database.execute(upgrade);
  TRY(const std::int64_t pages, pragma(database, "page_count"));
  if (pages > 1) return fail(Code::malformed, "this is another kind of database");
  return database.execute(schema);
}

Result<bool> any(Rows rows) {
  return rows.next();
}

// Columns: digest, media_type, size, subject, referrer.
Result<ManifestEntry> entry_of(const Rows& rows) {
  ManifestEntry entry;
  TRY(entry.descriptor.digest, Digest::parse(rows.text(0)));
  entry.descriptor.media_type = rows.text(1);
  entry.descriptor.size = static_cast<std::uint64_t>(rows.number(2));
  if (!rows.is_null(3)) {
    TRY(entry.subject, Digest::parse(rows.text(3)));
  }
  if (!rows.is_null(4)) {
    TRY(const json::Value referrer, json::parse(rows.text(4), "referrer"));
    TRY(entry.referrer, Descriptor::from_json(referrer, "referrer"));
  }
  return entry;
}

host::Cell limit_of(const Page& page) {
  return static_cast<std::int64_t>(page.limit);
}

// One text of each row.
Result<std::vector<std::string>> texts_of(Rows rows) {
  std::vector<std::string> texts;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return texts;
    texts.emplace_back(rows.text(0));
  }
}

}  // namespace

constinit const std::array<std::string_view, Index::query_count> Index::texts = {
    "SELECT id FROM repositories WHERE name = ?",
    "SELECT 1 FROM blobs JOIN repositories ON id = repository WHERE name = ? AND digest = ?",
    "SELECT 1 FROM blobs WHERE digest = ? LIMIT 1",
    "SELECT 1 FROM manifests WHERE digest = ? LIMIT 1",
    "SELECT 1 FROM manifests m JOIN repositories r ON r.id = m.repository WHERE m.digest = ? AND r.name <> ? "
    "LIMIT 1",
    "SELECT m.digest, m.media_type, m.size, m.subject, m.referrer FROM repositories r "
    "JOIN manifests m ON m.repository = r.id WHERE r.name = ? AND m.digest = ?",
    "SELECT m.digest, m.media_type, m.size, m.subject, m.referrer FROM repositories r "
    "JOIN tags t ON t.repository = r.id JOIN manifests m ON m.repository = r.id AND m.digest = t.digest "
    "WHERE r.name = ? AND t.tag = ?",
    "SELECT time FROM manifests JOIN repositories r ON r.id = repository WHERE name = ? AND digest = ?",
    "SELECT name FROM repositories WHERE name > ? ORDER BY name LIMIT ?",
    "SELECT time FROM manifests JOIN repositories r ON r.id = repository WHERE name = ? "
    "ORDER BY time DESC LIMIT 1",
    "SELECT tag, digest FROM tags JOIN repositories r ON r.id = repository WHERE name = ? AND tag > ? "
    "ORDER BY tag LIMIT ?",
    "SELECT referrer FROM manifests JOIN repositories r ON r.id = repository WHERE name = ? AND subject = ? "
    "AND digest > ? AND referrer IS NOT NULL ORDER BY digest LIMIT ?",
    "SELECT referrer FROM manifests JOIN repositories r ON r.id = repository WHERE name = ? AND subject = ? "
    "AND digest > ? AND referrer IS NOT NULL AND artifact_type = ? ORDER BY digest LIMIT ?",
    "SELECT digest, time FROM blobs JOIN repositories ON id = repository WHERE name = ? AND digest > ? "
    "ORDER BY digest LIMIT ?",
    "SELECT m.digest, media_type, size, subject, referrer, time FROM manifests m JOIN repositories r "
    "ON r.id = m.repository WHERE name = ? AND m.digest > ? ORDER BY m.digest LIMIT ?",
    "INSERT INTO repositories(name) VALUES(?)",
    "INSERT OR REPLACE INTO blobs(repository, digest, time) VALUES(?, ?, ?)",
    "INSERT INTO manifests(repository, digest, media_type, size, time, subject, artifact_type, referrer) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(repository, digest) DO UPDATE SET "
    "media_type = excluded.media_type, size = excluded.size, time = excluded.time, "
    "subject = excluded.subject, artifact_type = excluded.artifact_type, referrer = excluded.referrer",
    "INSERT INTO tags(repository, tag, digest) VALUES(?, ?, ?) "
    "ON CONFLICT(repository, tag) DO UPDATE SET digest = excluded.digest",
    "DELETE FROM blobs WHERE repository = ? AND digest = ?",
    "DELETE FROM manifests WHERE repository = ? AND digest = ?",
    "DELETE FROM tags WHERE repository = ? AND digest = ?",
    "DELETE FROM tags WHERE repository = ? AND tag = ?",
    "SELECT journal, end FROM position",
    "INSERT OR REPLACE INTO position(one, journal, end) VALUES(1, ?, ?)",
};

Result<std::unique_ptr<Index>> Index::open(const std::string& path) {
  TRY(auto database, Database::open(path));
  TRY_OK(database->execute(settings));
  TRY_OK(ensure_schema(*database));
  std::unique_ptr<Index> index(new Index(std::move(database)));
  TRY_OK(index->prepare());
  return index;
}

Result<void> Index::prepare() {
  for (int query = 0; query < query_count; ++query) {
    TRY(queries_[query], database_->prepare(texts[query]));
  }
  return {};
}

Result<bool> Index::has_repository(const std::string& repository) {
  return any(queries_[find_repository].rows({repository}));
}

Result<bool> Index::has_blob(const std::string& repository, const Digest& digest) {
  return any(queries_[find_blob].rows({repository, digest.text()}));
}

Result<bool> Index::has_blob(const Digest& digest) {
  return any(queries_[find_blob_anywhere].rows({digest.text()}));
}

Result<bool> Index::has_manifest(const Digest& digest) {
  return any(queries_[find_manifest_anywhere].rows({digest.text()}));
}

Result<bool> Index::has_manifest_outside(const std::string& repository, const Digest& digest) {
  return any(queries_[find_manifest_outside].rows({digest.text(), repository}));
}

Result<std::optional<ManifestEntry>> Index::manifest(const std::string& repository,
                                                     const std::string& tag_or_digest) {
  const bool by_digest = tag_or_digest.find(':') != std::string::npos;
  Rows rows = queries_[by_digest ? manifest_by_digest : manifest_by_tag].rows({repository, tag_or_digest});
  TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  return entry_of(rows);
}

Result<std::optional<std::int64_t>> Index::manifest_time(const std::string& repository,
                                                         const Digest& digest) {
  Rows rows = queries_[time_of_manifest].rows({repository, digest.text()});
  TRY(const bool found, rows.next());
  return found ? std::optional(rows.number(0)) : std::nullopt;
}

Result<std::vector<std::string>> Index::repositories(const Page& page) {
  return texts_of(queries_[list_repositories].rows({page.last, limit_of(page)}));
}

Result<std::vector<std::string>> Index::tags(const std::string& repository, const Page& page) {
  return texts_of(queries_[list_tags].rows({repository, page.last, limit_of(page)}));
}

Result<std::vector<Descriptor>> Index::referrers(const std::string& repository, const Digest& subject,
                                                 const std::optional<std::string>& artifact_type,
                                                 const Page& page) {
  Rows rows = artifact_type
                  ? queries_[list_referrers_of_type].rows(
                        {repository, subject.text(), page.last, *artifact_type, limit_of(page)})
                  : queries_[list_referrers].rows({repository, subject.text(), page.last, limit_of(page)});
  std::vector<Descriptor> referrers;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return referrers;
    TRY(const json::Value referrer, json::parse(rows.text(0), "referrer"));
    TRY(auto descriptor, Descriptor::from_json(referrer, "referrer"));
    referrers.push_back(std::move(descriptor));
  }
}

Result<std::optional<std::int64_t>> Index::pushed(const std::string& repository) {
  Rows rows = queries_[newest_manifest].rows({repository});
  TRY(const bool more, rows.next());
  return more ? std::optional(rows.number(0)) : std::nullopt;
}

Result<std::vector<BlobRow>> Index::blob_rows(const std::string& repository, const Page& page) {
  Rows rows = queries_[all_blobs].rows({repository, page.last, limit_of(page)});
  std::vector<BlobRow> blobs;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return blobs;
    TRY(auto digest, Digest::parse(rows.text(0)));
    blobs.push_back({std::move(digest), rows.number(1)});
  }
}

Result<std::vector<ManifestRow>> Index::manifest_rows(const std::string& repository, const Page& page) {
  Rows rows = queries_[all_manifests].rows({repository, page.last, limit_of(page)});
  std::vector<ManifestRow> manifests;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return manifests;
    TRY(auto entry, entry_of(rows));
    manifests.push_back({std::move(entry), rows.number(5)});
  }
}

Result<std::vector<TagRow>> Index::tag_rows(const std::string& repository, const Page& page) {
  Rows rows = queries_[list_tags].rows({repository, page.last, limit_of(page)});
  std::vector<TagRow> tags;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return tags;
    TRY(auto digest, Digest::parse(rows.text(1)));
    tags.push_back({std::string(rows.text(0)), std::move(digest)});
  }
}

Result<std::int64_t> Index::key_of(const std::string& repository) {
  {
    Rows rows = queries_[find_repository].rows({repository});
    TRY(const bool found, rows.next());
    if (found) return rows.number(0);
  }
  TRY_OK(queries_[add_repository].run({repository}));
  return database_->last_key();
}

Result<void> Index::put(std::int64_t key, const Change& change) {
  const ManifestEntry& entry = *change.entry;
  const std::string digest = entry.descriptor.digest.text();
  std::string subject, type, referrer;
  host::Cell subject_cell = nullptr, type_cell = nullptr, referrer_cell = nullptr;
  if (entry.subject) subject_cell = subject = entry.subject->text();
  if (entry.referrer) {
    type_cell = type = entry.referrer->artifact_type;
    referrer_cell = referrer = json::write(entry.referrer->to_json());
  }
  TRY_OK(queries_[put_manifest].run({key, digest, entry.descriptor.media_type,
                                     static_cast<std::int64_t>(entry.descriptor.size), change.time,
                                     subject_cell, type_cell, referrer_cell}));
  for (const std::string& tag : change.tags) TRY_OK(queries_[put_tag].run({key, tag, digest}));
  return {};
}

Result<void> Index::apply(const Change& change) {
  TRY(const std::int64_t key, key_of(change.repository));
  switch (change.kind) {
    case Change::Kind::add_blob:
      return queries_[add_blob].run({key, change.digest.text(), change.time});
    case Change::Kind::put_manifest:
      return put(key, change);
    case Change::Kind::put_tag:
      return queries_[put_tag].run({key, change.tags.at(0), change.digest.text()});
    case Change::Kind::remove_blob:
      return queries_[remove_blob].run({key, change.digest.text()});
    case Change::Kind::remove_tag:
      return queries_[remove_tag].run({key, change.tags.at(0)});
    case Change::Kind::remove_manifest:
      TRY_OK(queries_[remove_tags].run({key, change.digest.text()}));
      return queries_[remove_manifest].run({key, change.digest.text()});
  }
  return {};
}

Result<void> Index::forget_empty_repositories() {
  return database_->execute(
      "DELETE FROM repositories WHERE id NOT IN (SELECT repository FROM blobs) AND "
      "id NOT IN (SELECT repository FROM manifests) AND id NOT IN (SELECT repository FROM tags)");
}

Result<Position> Index::position() {
  Rows rows = queries_[get_position].rows();
  TRY(const bool any, rows.next());
  if (!any) return Position{};
  return Position{std::string(rows.text(0)), static_cast<std::uint64_t>(rows.number(1))};
}

Result<void> Index::set_position(const Position& position) {
  return queries_[put_position].run({position.journal, static_cast<std::int64_t>(position.end)});
}

}  // namespace server::registry
