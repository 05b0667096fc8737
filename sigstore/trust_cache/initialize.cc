#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/trust_cache/cache.h"
#include "sigstore/trust_cache/internal/asking.h"
#include "sigstore/trust_cache/internal/lock.h"
#include "sigstore/trust_cache/internal/reading.h"

namespace sigstore::trust_cache {
namespace {

namespace json = codec::json;

// Nothing of what was kept of the mirror stays.
void remove_the_rest(Files& files, const std::string& folder, const std::string& name, Changes& changes) {
  for (const std::string& below : {name, name + "/targets"})
    for (const std::string& file : files.list(folder + "/" + below).value_or(std::vector<std::string>{}))
      if (!files.is_directory(folder + "/" + below + "/" + file)) changes.try_emplace(below + "/" + file);
}

// Who begins anew has no protection against older metadata: what was kept says whether it is any. What was
// kept of another root says nothing.
void say_what_is_older(const Shelf& shelf, const Place& place, Time now, State& state) {
  const auto old = read_kept(shelf, place, now, {}, true);
  if (!old || !*old) return;
  const bool same_root = (*old)->root == state.root ||
                         shelf.read_beside(start_ending, 1000) == start_text(place.root) ||
                         shelf.read("root.json", limits::tuf_root_bytes) == place.root;
  if (!same_root) return;
  for (const std::string role : {"timestamp", "snapshot", "targets"}) {
    const auto before = (*old)->trusted.at(role).version, taken = state.trusted.at(role).version;
    if (taken < before)
      state.notices.push_back("version " + std::to_string(taken) + " of " + role + ".json of " +
                              place.mirror + " is taken, and " + std::to_string(before) +
                              " was trusted here before");
  }
}

}  // namespace

Result<State> initialize(const Env& env, const Place& place, const std::vector<std::string>& names,
                         const OpenMirror& open) {
  TRY_OK(check_mirror(place.mirror));
  if (place.folder.empty())
    return fail(Code::invalid_argument, "there is no folder to keep trust material in",
                "neither TUF_ROOT nor HOME names one");
  Files& files = *env.files;
  const Time now = env.clock->now();
  TRY(const auto lock, lock_folder(env, place.folder));
  (void)finish(files, place.folder);  // one that cannot be finished is superseded
  const Shelf shelf(files, place.folder, folder_name(place.mirror));
  TRY(const auto mirror, open(place.mirror));
  TRY(auto asked, ask(*mirror, shelf, place, now, names, Start::anew));
  say_what_is_older(shelf, place, now, asked.state);
  remove_the_rest(files, place.folder, shelf.name(), asked.changes);
  asked.changes["remote.json"] = json::write(json::Object{{"mirror", place.mirror}});
  asked.changes[shelf.name() + asked_ending] = asked_text(now);
  TRY_OK(commit(files, place.folder, asked.changes));
  for (std::string& notice : expiry_notices(asked.state, now))
    asked.state.notices.push_back(std::move(notice));
  return std::move(asked.state);
}

}  // namespace sigstore::trust_cache
