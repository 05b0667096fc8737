// Whether all that a registry acknowledged is still there: journal, database, content and entries, each
// looked at and compared with the others. Only while nobody else works on the folder.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "server/registry/finding.h"
#include "sigstore/base/cancel.h"
#include "sigstore/base/env.h"

namespace server::registry {

struct CheckOptions {
  // The database is made anew; a journal that is damaged is written anew; damaged content is moved to
  // ROOT/damaged, and what names lost content is no longer named. Nothing is deleted.
  bool repair = false;
  int workers = 4;
  const sigstore::Cancel* cancel = nullptr;
  // Bytes that were read so far, of how many. From any thread.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};
};

struct CheckReport {
  std::uint64_t repositories = 0, tags = 0, manifests = 0, blobs = 0;  // entries
  std::uint64_t contents = 0, bytes = 0;
  Findings findings;
  bool repaired = false;

  // Whether something is wrong still.
  [[nodiscard]] bool is_well() const;
};

// Errors: unsupported for a folder of an earlier version; not_found without a folder; io, disk_full,
// cancelled.
sigstore::Result<CheckReport> check(const sigstore::Env& env, const std::string& folder,
                                    const CheckOptions& options);

}  // namespace server::registry
