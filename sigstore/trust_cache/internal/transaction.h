// How several files below a folder change together, whenever a process ends: everything new is written to one
// file aside (the redo log), which a rename commits; then the files are written, and the log is removed.
// Whoever finds a log finishes it first. For trust_cache only; the folder's lock is held by who writes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sigstore/base/env.h"

namespace sigstore::trust_cache {

// By path below the folder; nullopt: it is removed.
using Changes = std::map<std::string, std::optional<std::string>>;

// The log's name: no mirror's folder begins with a capital.
inline constexpr std::string_view redo_log = "UNFINISHED";

// All or nothing is seen by whoever looks at the log first. After an error what was there is there again, and
// no log; when putting it back fails too, a log that goes on with that, if one can be written. Folders are
// made as they are needed. A log that is there already is superseded.
Result<void> commit(Files& files, const std::string& folder, const Changes& changes);
// What a log that is there has committed; empty when there is none. A log that is none is Code::malformed.
Result<Changes> unfinished(Files& files, const std::string& folder);
// Writes what was committed. A log that is none is removed: nothing of it was ever committed by us.
Result<void> finish(Files& files, const std::string& folder);

std::string write_redo(const Changes& changes);
// Code::malformed, also for paths that lead out of the folder.
Result<Changes> parse_redo(std::string_view text);

}  // namespace sigstore::trust_cache
