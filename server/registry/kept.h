// The folder of a registry, opened: journal and index, in step.
//
//   ROOT/lock          held by whoever works on the folder
//   ROOT/journal       every change (journal.h)
//   ROOT/registry.db   the index (index.h); may be removed at any time while nobody works on the folder
//   ROOT/blobs         content (sigstore/content/folder.h)
//   ROOT/uploads       content that is being written
//   ROOT/damaged       what `registry check --repair` put aside
#pragma once

#include <memory>
#include <string>

#include "server/registry/index.h"
#include "server/registry/journal.h"
#include "sigstore/base/env.h"

namespace server::registry {

std::string journal_path(const std::string& folder);
std::string database_path(const std::string& folder);

// Code::unsupported for a folder of a program that kept each repository in a file of its own.
sigstore::Result<void> refuse_earlier_format(sigstore::Files& files, const std::string& folder);
// Only while nothing has it open.
sigstore::Result<void> remove_database(sigstore::Files& files, const std::string& path);

// The folder is made when it is not there. Code::conflict while another process works on it; one that is just
// dying is waited for.
sigstore::Result<std::unique_ptr<sigstore::FileLock>> lock_folder(const sigstore::Env& env,
                                                                  const std::string& folder);

struct Kept {
  std::unique_ptr<Index> index;
  Journal journal;
  std::string id;  // the journal's
};

// What the journal says and the index does not know yet is applied to it. An index that is not there, is
// damaged or belongs to another journal is made anew; `database` empty: it is in memory. Errors:
// Code::malformed for a journal that is damaged, or that lacks what the index knows; Code::not_found for
// content without a journal; Code::unsupported for a folder of an earlier version; disk_full, io.
sigstore::Result<Kept> open_kept(const sigstore::Env& env, const std::string& folder,
                                 const std::string& database);

// Writes the journal anew, with nothing in it but what the index knows: it is replaced as a whole.
sigstore::Result<void> compact(const sigstore::Env& env, const std::string& folder, Index& index);

}  // namespace server::registry
