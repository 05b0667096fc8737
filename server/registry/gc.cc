#include "server/registry/gc.h"

#include "server/registry/accept.h"
#include "server/registry/gc_repository.h"
#include "server/registry/walk.h"
#include "sigstore/base/limits.h"
#include "sigstore/content/folder.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;

namespace {

constexpr std::size_t changes_at_once = 1000;

Change change_of(const Removal& removal, std::int64_t now) {
  using Kind = Change::Kind;
  Change change{.kind = Kind::remove_tag, .repository = removal.repository, .time = now};
  if (removal.kind == Removal::Kind::tag) {
    change.tags = {removal.name};
    return change;
  }
  change.kind = removal.kind == Removal::Kind::blob ? Kind::remove_blob : Kind::remove_manifest;
  change.digest = *Digest::parse(removal.name);
  return change;
}

std::vector<Change> changes_of(const std::vector<Removal>& entries, std::int64_t now) {
  std::vector<Change> changes;
  changes.reserve(entries.size());
  for (const Removal& removal : entries) changes.push_back(change_of(removal, now));
  return changes;
}

class Planner {
 public:
  Planner(const sigstore::Env& env, const std::string& folder, sigstore::content::Store& content,
          Index& index, const GcOptions& options)
      : env_(env), folder_(folder), content_(content), index_(index), options_(options) {
    const auto oldest =
        env.clock->now() - std::chrono::duration_cast<sigstore::Time::duration>(options.older_than);
    oldest_ = std::chrono::duration_cast<std::chrono::seconds>(oldest.time_since_epoch()).count();
  }

  Result<GcPlan> plan() {
    const auto each = [&](const std::string& name) -> Result<std::string> {
      TRY_OK(add_repository(name));
      return name;
    };
    TRY_OK(for_all([&](const Page& page) { return index_.repositories(page); }, each));
    for (const Change& change : changes_of(plan_.entries, 0)) TRY_OK(index_.apply(change));
    TRY_OK(add_contents());
    return std::move(plan_);
  }

 private:
  // By its entry or its content, whichever is younger.
  bool is_young(const Digest& digest, std::int64_t time) {
    if (time > oldest_) return true;
    const auto modified = env_.files->modified(folder_ + "/" + sigstore::content::blob_path(digest));
    if (!modified) return false;
    return std::chrono::duration_cast<std::chrono::seconds>(modified->time_since_epoch()).count() > oldest_;
  }

  Result<GcRepository::Manifest> read(const std::string& repository, const ManifestRow& row) {
    const Digest& digest = row.entry.descriptor.digest;
    const auto bytes = content_.read(digest, sigstore::limits::manifest_bytes);
    if (!bytes)
      return fail(bytes.error()
                      .wrap("what " + repository + "@" + digest.text() + " needs is not known")
                      .with_hint("cosign registry check --dir " + folder_ + " --repair"));
    GcRepository::Manifest manifest{.entry = row.entry, .young = is_young(digest, row.time)};
    const auto pushed = read_pushed(row.entry.descriptor.media_type, **bytes);
    if (!pushed) return fail(Code::malformed, "the manifest " + digest.text() + " cannot be read");
    for (const Descriptor& child : pushed->children) manifest.children.push_back(child.digest);
    for (const Descriptor& blob : pushed->blobs) manifest.blobs.push_back(blob.digest);
    for (const Descriptor& blob : pushed->elsewhere) manifest.blobs.push_back(blob.digest);
    return manifest;
  }

  Result<void> add_repository(const std::string& name) {
    GcRepository repository(name);
    const auto blob = [&](const BlobRow& row) -> Result<std::string> {
      repository.add_blob(row.digest, is_young(row.digest, row.time));
      return row.digest.text();
    };
    const auto manifest = [&](const ManifestRow& row) -> Result<std::string> {
      TRY(auto parsed, read(name, row));
      repository.add(row.entry.descriptor.digest, std::move(parsed));
      return row.entry.descriptor.digest.text();
    };
    const auto tag = [&](const TagRow& row) -> Result<std::string> {
      repository.add_tag(row);
      return row.tag;
    };
    TRY_OK(for_all([&](const Page& page) { return index_.blob_rows(name, page); }, blob));
    TRY_OK(for_all([&](const Page& page) { return index_.manifest_rows(name, page); }, manifest));
    TRY_OK(for_all([&](const Page& page) { return index_.tag_rows(name, page); }, tag));
    TRY_OK(repository.mark(options_,
                           [&](const Digest& digest) { return index_.has_manifest_outside(name, digest); }));
    repository.sweep(plan_.entries);
    return {};
  }

  // Content that no entry names, once those of the plan are gone.
  Result<void> add_contents() {
    TRY(const auto digests, content_.list(std::numeric_limits<std::size_t>::max()));
    for (const Digest& digest : digests) {
      TRY(const bool blob, index_.has_blob(digest));
      TRY(const bool manifest, index_.has_manifest(digest));
      if (blob || manifest || is_young(digest, 0)) continue;
      TRY(const std::uint64_t size, content_.size(digest));
      plan_.contents.push_back({digest, size});
    }
    return {};
  }

  const sigstore::Env& env_;
  const std::string& folder_;
  sigstore::content::Store& content_;
  Index& index_;
  const GcOptions& options_;
  std::int64_t oldest_ = 0;
  GcPlan plan_;
};

}  // namespace

// All is tried in a transaction that is given up.
Result<GcPlan> plan_gc(const sigstore::Env& env, const std::string& folder, sigstore::content::Store& content,
                       Index& index, const GcOptions& options) {
  TRY(const auto transaction, host::Transaction::begin(index.database()));
  return Planner(env, folder, content, index, options).plan();
}

Result<void> collect(const sigstore::Env& env, const std::string& folder, sigstore::content::Store& content,
                     Catalogue& catalogue, const GcPlan& plan) {
  const std::vector<Change> changes = changes_of(plan.entries, seconds_now(*env.clock));
  for (std::size_t at = 0; at < changes.size(); at += changes_at_once) {
    const std::size_t end = std::min(at + changes_at_once, changes.size());
    TRY_OK(catalogue.apply({changes.begin() + static_cast<std::ptrdiff_t>(at),
                            changes.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  for (const Garbage& garbage : plan.contents) TRY_OK(content.remove(garbage.digest));
  return sigstore::content::remove_leftovers(*env.files, folder);
}

}  // namespace server::registry
