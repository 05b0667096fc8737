#include "sigstore/trust_cache/internal/transaction.h"

#include <set>

#include "sigstore/base/limits.h"
#include "sigstore/trust_cache/internal/reading.h"

namespace sigstore::trust_cache {
namespace {

constexpr unsigned folder_mode = 0700, file_mode = 0644;  // as real cosign has them

std::string log_of(const std::string& folder) {
  return folder + "/" + std::string(redo_log);
}

Result<void> remove_if_there(Files& files, const std::string& path) {
  const auto removed = files.remove(path);
  if (removed || removed.error().code == Code::not_found || !files.exists(path)) return {};
  return removed;
}

Result<void> write_one(Files& files, const std::string& path, std::string_view content) {
  const auto written = files.write_atomic(path, content, file_mode);
  if (written || written.error().code != Code::not_found) return written;
  TRY_OK(files.make_directories(path.substr(0, path.rfind('/')), folder_mode));
  return files.write_atomic(path, content, file_mode);
}

Result<void> write_all(Files& files, const std::string& folder, const Changes& changes) {
  for (const auto& [path, content] : changes)
    TRY_OK(content ? write_one(files, folder + "/" + path, *content)
                   : remove_if_there(files, folder + "/" + path));
  return {};
}

Result<void> apply(Files& files, const std::string& folder, const Changes& changes) {
  TRY_OK(write_all(files, folder, changes));
  return remove_if_there(files, log_of(folder));
}

// What cannot be read is of no use to anybody, and counts as not there.
std::optional<std::string> content_of(Files& files, const std::string& path) {
  auto content = files.read(path, limits::tuf_target_bytes);
  if (!content) return std::nullopt;
  return std::move(*content);
}

// What is there now of the files that `changes` names.
Result<Changes> replaced_by(Files& files, const std::string& folder, const Changes& changes) {
  Changes old;
  for (const auto& [path, content] : changes) {
    const std::string whole = folder + "/" + path;
    if (files.is_directory(whole))
      return fail(Code::conflict, whole + " cannot be replaced", "it is a folder");
    old[path] = content_of(files, whole);
  }
  return old;
}

// The other way round, by a log again: who is killed here leaves what was there to whoever comes next. Where
// there is no room for that log the old one makes it.
Result<void> take_back(Files& files, const std::string& folder, Changes old) {
  std::erase_if(old, [&](const auto& file) {
    return content_of(files, folder + "/" + file.first) == file.second;  // not yet replaced
  });
  if (old.empty() || !write_one(files, log_of(folder), write_redo(old))) {
    TRY_OK(remove_if_there(files, log_of(folder)));
    return write_all(files, folder, old);
  }
  return apply(files, folder, old);
}

// Of what file a name is that of an atomic write which was killed: ".NAME.tmp-…"; empty: of none.
std::string_view file_in_writing(std::string_view name) {
  const auto end = name.rfind(".tmp-");
  return name.starts_with('.') && end != std::string_view::npos && end > 0 ? name.substr(1, end - 1) : "";
}

// What writers left that were killed: nobody else writes while the lock is held. The folder of all mirrors
// may be anybody's (TUF_ROOT=.): there it is only what is left of files of our names.
void sweep(Files& files, const std::string& folder, const Changes& changes) {
  std::set<std::string> folders;
  std::set<std::string, std::less<>> ours{std::string(redo_log), "remote.json"};
  for (const auto& [path, content] : changes) {
    const auto slash = path.find('/');
    if (slash == std::string::npos) {
      ours.insert(path);
      continue;
    }
    folders.insert(folder + "/" + path.substr(0, path.rfind('/')));
    for (const char* ending : {asked_ending, start_ending}) ours.insert(path.substr(0, slash) + ending);
  }
  const auto remove = [&](const std::string& from, const auto& which) {
    for (const std::string& name : files.list(from).value_or(std::vector<std::string>{}))
      if (const auto file = file_in_writing(name); !file.empty() && which(file))
        (void)files.remove(from + "/" + name);
  };
  remove(folder, [&](std::string_view file) { return ours.contains(file); });
  for (const std::string& each : folders) remove(each, [](std::string_view) { return true; });
}

}  // namespace

Result<void> commit(Files& files, const std::string& folder, const Changes& changes) {
  if (changes.empty()) return {};
  const std::string log = write_redo(changes);
  TRY_OK(parse_redo(log));  // what could not be finished must not be begun
  sweep(files, folder, changes);
  TRY(auto old, replaced_by(files, folder, changes));
  if (auto begun = write_one(files, log_of(folder), log); !begun) {
    (void)remove_if_there(files, log_of(folder));  // it may be there all the same
    return begun;
  }
  auto applied = apply(files, folder, changes);
  if (applied || take_back(files, folder, std::move(old))) return applied;
  return fail(applied.error().with_hint("what was there could not be put back either: look after " + folder));
}

Result<Changes> unfinished(Files& files, const std::string& folder) {
  const auto log = files.read(log_of(folder), 2 * limits::tuf_mirror_bytes);
  if (!log && log.error().code == Code::not_found) return Changes{};
  if (!log) return fail(log.error());
  return parse_redo(*log);
}

Result<void> finish(Files& files, const std::string& folder) {
  const auto changes = unfinished(files, folder);
  if (changes) return changes->empty() ? Result<void>{} : apply(files, folder, *changes);
  if (changes.error().code != Code::malformed) return fail(changes.error());
  return remove_if_there(files, log_of(folder));
}

}  // namespace sigstore::trust_cache
