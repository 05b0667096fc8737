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
  TRY_OK(needs(name, digest, pushed->blobs));
  return needs(name, digest, pushed->children);
}

// What was never there is no loss: sparse indexes, and registries that take manifests before their blobs.
Result<void> EntryCheck::needs(const std::string& name, const Digest& manifest,
                               const std::vector<Descriptor>& needed) {
  for (const Descriptor& descriptor : needed) {
    if (checked_.state(descriptor.digest) == State::good) continue;
    TRY(const bool blob, index_.has_blob(name, descriptor.digest));
    TRY(const auto child, index_.manifest(name, descriptor.digest.text()));
    if (blob || child)
      find(Finding::Kind::image, name + "@" + manifest.text(), "it lacks " + descriptor.digest.text(), true);
  }
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
