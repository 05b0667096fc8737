#include "server/registry/check_entries.h"

#include "server/registry/accept.h"
#include "server/registry/walk.h"
#include "sigstore/base/limits.h"

namespace server::registry {

using sigstore::Result;
using sigstore::oci::Descriptor;
using State = CheckedContent::State;

void EntryCheck::find(Finding::Kind kind, std::string where, std::string what, bool lost) {
  report_.findings.push_back({kind, std::move(where), std::move(what), lost});
}

Result<void> EntryCheck::run() {
  const auto each = [&](const std::string& name) -> Result<std::string> {
    TRY_OK(repository(name));
    return name;
  };
  return for_all([&](const Page& page) { return index_.repositories(page); }, each);
}

Result<void> EntryCheck::repository(const std::string& name) {
  ++report_.repositories;
  lost_manifests_.clear();
  given_back_.clear();
  const auto blob_row = [&](const BlobRow& row) -> Result<std::string> {
    TRY_OK(blob(name, row));
    return row.digest.text();
  };
  const auto manifest_row = [&](const ManifestRow& row) -> Result<std::string> {
    TRY_OK(manifest(name, row));
    return row.entry.descriptor.digest.text();
  };
  const auto tag_row = [&](const TagRow& row) -> Result<std::string> {
    TRY_OK(tag(name, row));
    return row.tag;
  };
  TRY_OK(for_all([&](const Page& page) { return index_.blob_rows(name, page); }, blob_row));
  TRY_OK(for_all([&](const Page& page) { return index_.manifest_rows(name, page); }, manifest_row));
  return for_all([&](const Page& page) { return index_.tag_rows(name, page); }, tag_row);
}

Result<void> EntryCheck::blob(const std::string& name, const BlobRow& row) {
  ++report_.blobs;
  const State state = checked_.state(row.digest);
  if (state == State::good) return {};
  find(Finding::Kind::entry, name + ", blob " + row.digest.text(),
       state == State::gone ? "its content is gone" : "its content is damaged", true);
  changes_.push_back(
      {.kind = Change::Kind::remove_blob, .repository = name, .time = row.time, .digest = row.digest});
  return {};
}

Result<void> EntryCheck::manifest(const std::string& name, const ManifestRow& row) {
  ++report_.manifests;
  const Digest& digest = row.entry.descriptor.digest;
  const std::string where = name + "@" + digest.text();
  const State state = checked_.state(digest);
  if (state != State::good) {
    find(Finding::Kind::entry, where, state == State::gone ? "its content is gone" : "its content is damaged",
         true);
    changes_.push_back(
        {.kind = Change::Kind::remove_manifest, .repository = name, .time = row.time, .digest = digest});
    lost_manifests_.insert(digest);
    return {};
  }
  TRY(const auto bytes, content_.read(digest, sigstore::limits::manifest_bytes));
  const auto pushed = read_pushed(row.entry.descriptor.media_type, *bytes);
  if (!pushed) {
    find(Finding::Kind::entry, where, "it cannot be read: " + pushed.error().message, true);
    return {};
  }
  TRY(const auto entry, make_entry(digest, row.entry.descriptor.media_type, *bytes, pushed->subject));
  if (entry != row.entry) {
    find(Finding::Kind::entry, where, "its entry does not agree with its content", false);
    changes_.push_back(
        {.kind = Change::Kind::put_manifest, .repository = name, .time = row.time, .entry = entry});
  }
  for (const Descriptor& blob : pushed->blobs) TRY_OK(needs_blob(name, row, blob.digest));
  for (const Descriptor& child : pushed->children) TRY_OK(needs_child(name, row, child.digest));
  return {};
}

void EntryCheck::lacks(const std::string& name, const ManifestRow& row, const Digest& needed) {
  find(Finding::Kind::image, name + "@" + row.entry.descriptor.digest.text(), "it lacks " + needed.text(),
       true);
}

// A blob that was deleted by somebody stays deleted: only a journal with gaps is no word about it.
Result<void> EntryCheck::needs_blob(const std::string& name, const ManifestRow& row, const Digest& blob) {
  TRY(const bool named, index_.has_blob(name, blob));
  const bool there = checked_.state(blob) == State::good;
  if (there && (named || given_back_.contains(blob))) return {};
  if (!there || !gaps_) {
    lacks(name, row, blob);
    return {};
  }
  given_back_.insert(blob);
  find(Finding::Kind::entry, name + ", blob " + blob.text(),
       "its line of the journal is lost, its content is there", false);
  changes_.push_back({.kind = Change::Kind::add_blob, .repository = name, .time = row.time, .digest = blob});
  return {};
}

// What was never there is no loss: an index may name platforms that nobody pushed.
Result<void> EntryCheck::needs_child(const std::string& name, const ManifestRow& row, const Digest& child) {
  if (checked_.state(child) == State::good) return {};
  TRY(const auto known, index_.manifest(name, child.text()));
  if (known) lacks(name, row, child);
  return {};
}

Result<void> EntryCheck::tag(const std::string& name, const TagRow& row) {
  ++report_.tags;
  if (lost_manifests_.contains(row.digest)) {
    find(Finding::Kind::entry, name + ":" + row.tag, "its manifest is lost: " + row.digest.text(), true);
    return {};  // the manifest takes it along
  }
  TRY(const auto manifest, index_.manifest(name, row.digest.text()));
  if (manifest) return {};
  find(Finding::Kind::entry, name + ":" + row.tag, "it names no manifest", true);
  changes_.push_back({.kind = Change::Kind::remove_tag, .repository = name, .tags = {row.tag}});
  return {};
}

}  // namespace server::registry
