// What TUF has brought to this machine, kept in the place and layout of real cosign: $TUF_ROOT (or
// $HOME/.sigstore/root) holds remote.json and, for each mirror, a folder with root.json, timestamp.json,
// snapshot.json, targets.json and targets/NAME. See docs/formats/tuf-cache.md.
//
// A refresh is a transaction: it is made aside, and takes the place of what was there when all of it was
// trusted. One that fails, or is killed, leaves what was there. Several processes take turns by a lock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::trust_cache {

// How a mirror is opened; only called when something must be asked of it.
using OpenMirror = std::function<Result<std::unique_ptr<tuf::Repository>>(const std::string& mirror)>;

// Whether the content of a target can be used: it is asked of all that a mirror has brought, before anything
// of it is kept. The result is a notice, or empty; an error leaves everything as it was.
using CheckTarget = std::function<Result<std::string>(const std::string& name, const std::string& content)>;

struct Place {
  std::string folder;        // $TUF_ROOT; empty: nowhere, all is kept in memory
  std::string mirror;        // URL, or the absolute path of a folder or tar file
  std::string root;          // root.json to start from when the folder has none; empty: none
  std::string nowhere = {};  // why there is no folder, for people; empty: they want it so
  // `root` was named by somebody (TUF_ROOT_JSON): what is kept but was begun from another counts for nothing.
  bool root_is_named = false;
  CheckTarget check = {};  // empty: whatever is signed can be used
};

enum class Reach {
  fresh,    // nobody is asked while what is kept has not expired
  refresh,  // the mirror is asked
  offline,  // nobody is asked, whatever has expired
};

struct Kept {
  std::string name;     // "trusted_root.json"
  std::string content;  // verified
};

enum class Flaw { missing, damaged };

struct State {
  std::string mirror;
  std::string folder;                               // where it is kept; empty: in memory
  std::map<std::string, tuf::TrustedFile> trusted;  // by role
  tuf::Root root;                                   // who may sign for the four roles
  tuf::Targets listed;                              // the top-level targets
  std::vector<Kept> targets;                        // of those asked for, the ones that are there
  std::map<std::string, Flaw> lost;                 // offline: those of which somebody vouches for better
  bool asked = false;                               // the mirror
  std::optional<Time> refreshed;                    // when the mirror was asked last, by us or real cosign
  std::vector<std::string> notices;                 // what people should know: expired, not writable, …
};

// `names` are optional targets: one that nobody vouches for is left out. Errors: those of tuf::Updater and of
// place.check; Code::not_found with what would have been fetched, and from where, when Reach::offline has
// nothing, or a file of it that is missing or damaged, or when there is no root to start from.
//
// A fresh cache is read without a lock: everything in it is verified against the rest, so what another
// process changes meanwhile either fits together or is read again under the lock; offline, again without one
// for as long as another writes, a few times.
Result<State> load(const Env& env, const Place& place, Reach reach, const std::vector<std::string>& names,
                   const OpenMirror& open);

// For Reach::offline: what is kept of the mirror cannot do because of this file of it. Code::not_found.
Error incomplete(const std::string& mirror, const std::string& file, Flaw flaw);

// Starts anew from `place.root`, and names the mirror in remote.json. What was kept stays when it fails, and
// so does what is kept of other mirrors. Unlike load() it fails where nothing can be written. A notice says
// when metadata is older than what was kept of the same mirror and root.
Result<State> initialize(const Env& env, const Place& place, const std::vector<std::string>& names,
                         const OpenMirror& open);

// One file below the folder of all mirrors ("remote.json", "FOLDER/root.json"), as if what a process has
// committed there and not written yet were written. Unverified. Code::not_found; those of Files.
Result<std::string> read_committed(Files& files, const std::string& folder, const std::string& path,
                                   std::size_t max);

// Whether a mirror is asked over the network.
bool is_url(std::string_view mirror);
// The name of a mirror's folder, as real cosign names it: without scheme, '/' and ':' as '-', lower case.
// That of a path, which real cosign has none of, keeps its capitals.
std::string folder_name(std::string_view mirror);

}  // namespace sigstore::trust_cache
