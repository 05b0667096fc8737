// Long lists of the index, page by page.
#pragma once

#include "server/registry/index.h"

namespace server::registry {

// Calls `next(page)` for the rows behind the last, until there are none, and `each(row)`, which says its
// name.
template <typename Next, typename Each>
sigstore::Result<void> for_all(const Next& next, const Each& each) {
  constexpr std::size_t rows_at_once = 1000;
  for (Page page{.limit = rows_at_once};;) {
    TRY(const auto rows, next(page));
    for (const auto& row : rows) {
      TRY(page.last, each(row));
    }
    if (rows.size() < page.limit) return {};
  }
}

// All that a repository holds, as the changes that would make it: blobs, manifests, tags.
template <typename Visit>
sigstore::Result<void> for_all_changes(Index& index, const std::string& repository, std::int64_t now,
                                       const Visit& visit) {
  using Kind = Change::Kind;
  using sigstore::Result;
  const auto blob = [&](const BlobRow& row) -> Result<std::string> {
    TRY_OK(visit(Change{Kind::add_blob, repository, row.time, row.digest}));
    return row.digest.text();
  };
  const auto manifest = [&](const ManifestRow& row) -> Result<std::string> {
    TRY_OK(visit(Change{Kind::put_manifest, repository, row.time, {}, row.entry}));
    return row.entry.descriptor.digest.text();
  };
  const auto tag = [&](const TagRow& row) -> Result<std::string> {
    TRY_OK(visit(Change{Kind::put_tag, repository, now, row.digest, {}, {row.tag}}));
    return row.tag;
  };
  TRY_OK(for_all([&](const Page& page) { return index.blob_rows(repository, page); }, blob));
  TRY_OK(for_all([&](const Page& page) { return index.manifest_rows(repository, page); }, manifest));
  return for_all([&](const Page& page) { return index.tag_rows(repository, page); }, tag);
}

}  // namespace server::registry
