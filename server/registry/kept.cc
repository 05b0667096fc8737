#include "server/registry/kept.h"

#include <algorithm>

namespace server::registry {

using sigstore::Code;
using sigstore::Env;
using sigstore::fail;
using sigstore::Files;
using sigstore::Result;

namespace {

constexpr int changes_at_once = 1000;
constexpr int lock_attempts = 20;
constexpr auto lock_pause = std::chrono::milliseconds(50);

std::string repair_hint(const std::string& folder) {
  return "cosign registry check --dir " + folder + " --repair";
}

Result<bool> has_content(Files& files, const std::string& folder) {
  for (const char* algorithm : {"/blobs/sha256", "/blobs/sha512"}) {
    if (!files.is_directory(folder + algorithm)) continue;
    TRY(const auto names, files.list(folder + algorithm));
    if (!names.empty()) return true;
  }
  return false;
}

// What a killed compact() left.
Result<void> remove_leftovers(Files& files, const std::string& folder) {
  TRY(const auto names, files.list(folder));
  const std::string inside = folder + "/";
  for (const std::string& name : names)
    if (name.starts_with(".journal.tmp-")) TRY_OK(files.remove(inside + name));
  return {};
}

Result<std::string> open_journal(const Env& env, const std::string& folder, const std::string& database) {
  const std::string path = journal_path(folder);
  if (env.files->exists(path)) {
    auto id = journal_id(*env.files, path);
    if (!id) return fail(id.error().with_hint(repair_hint(folder)));
    return id;
  }
  TRY(const bool content, has_content(*env.files, folder));
  if (content || (!database.empty() && env.files->exists(database)))
    return fail(Code::not_found, "the folder has content but no journal", path, repair_hint(folder));
  return Journal::create(*env.files, *env.random, path);
}

// Damaged, of another kind, or of another journal: nothing that cannot be made again.
bool is_usable(const Result<std::unique_ptr<Index>>& index, const std::string& id) {
  if (!index || !(*index)->database().check()) return false;
  const auto position = (*index)->position();
  return position && (position->journal == id || *position == Position{});
}

Result<std::unique_ptr<Index>> open_index(Files& files, const std::string& path, const std::string& id) {
  if (path.empty()) return Index::open(":memory:");
  auto index = Index::open(path);
  if (!index && index.error().code != Code::malformed) return index;
  if (is_usable(index, id)) return index;
  index = nullptr;  // closed before its file goes
  TRY_OK(remove_database(files, path));
  return Index::open(path);
}

// Applies changes, many in one transaction.
class Replay {
 public:
  Replay(Index& index, std::string id) : index_(index), id_(std::move(id)) {}
  Result<void> add(const Change& change, std::uint64_t end) {
    if (!transaction_) {
      TRY(auto transaction, host::Transaction::begin(index_.database()));
      transaction_.emplace(std::move(transaction));
    }
    TRY_OK(index_.apply(change));
    return ++count_ % changes_at_once == 0 ? finish(end) : Result<void>{};
  }
  Result<void> finish(std::uint64_t end) {
    if (!transaction_) return {};
    TRY_OK(index_.set_position({id_, end}));
    TRY_OK(transaction_->commit());
    transaction_.reset();
    return {};
  }

 private:
  Index& index_;
  const std::string id_;
  std::optional<host::Transaction> transaction_;
  std::uint64_t count_ = 0;
};

Result<std::uint64_t> catch_up(Files& files, const std::string& path, Index& index, const std::string& id) {
  TRY(const Position position, index.position());
  TRY(const std::uint64_t size, files.size(path));
  if (position.end > size)
    return fail(Code::malformed, "the journal lacks its end",
                path + " has " + std::to_string(size) + " bytes, and had " + std::to_string(position.end));
  Replay changes(index, id);
  TRY(const std::uint64_t end, replay(files, path, position.end, [&](const Change& change, std::uint64_t at) {
        return changes.add(change, at);
      }));
  TRY_OK(changes.finish(end));
  return end;
}

}  // namespace

Result<void> refuse_earlier_format(Files& files, const std::string& folder) {
  const std::string records = folder + "/repositories";
  if (!files.is_directory(records)) return {};
  TRY(const auto names, files.list(records));
  const auto found = std::ranges::find_if(names, [](const auto& name) { return name.ends_with(".json"); });
  if (found == names.end()) return {};
  return fail(Code::unsupported, "the folder was written by an earlier version of this program",
              records + "/" + *found, "push its images into a new folder");
}

Result<void> remove_database(Files& files, const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    if (files.exists(path + suffix)) TRY_OK(files.remove(path + suffix));
  return {};
}

std::string journal_path(const std::string& folder) {
  return folder + "/journal";
}

std::string database_path(const std::string& folder) {
  return folder + "/registry.db";
}

Result<std::unique_ptr<sigstore::FileLock>> lock_folder(const Env& env, const std::string& folder) {
  TRY_OK(env.files->make_directories(folder, 0700));
  auto lock = env.files->lock(folder + "/lock");
  for (int n = 0; n < lock_attempts && !lock && lock.error().code == Code::conflict; ++n) {
    TRY_OK(env.clock->sleep(lock_pause));
    lock = env.files->lock(folder + "/lock");
  }
  if (!lock && lock.error().code == Code::conflict)
    return fail(Code::conflict, "the folder " + folder + " is in use", "another process works on it",
                "stop that registry first");
  return lock;
}

Result<Kept> open_kept(const Env& env, const std::string& folder, const std::string& database) {
  TRY_OK(refuse_earlier_format(*env.files, folder));
  TRY_OK(env.files->make_directories(folder, 0700));
  TRY_OK(remove_leftovers(*env.files, folder));
  const std::string path = journal_path(folder);
  TRY(std::string id, open_journal(env, folder, database));
  // Before anything trusts its lines: the index, which must not be ahead of it, or who is told of them.
  TRY_OK(Journal::sync(*env.files, path));
  TRY(auto index, open_index(*env.files, database, id));
  auto end = catch_up(*env.files, path, *index, id);
  if (!end && end.error().code == Code::malformed) return fail(end.error().with_hint(repair_hint(folder)));
  TRY(const std::uint64_t known, std::move(end));
  TRY(Journal journal, Journal::open(*env.files, path, known));
  return Kept{std::move(index), std::move(journal), std::move(id)};
}

}  // namespace server::registry
