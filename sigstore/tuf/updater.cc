#include "sigstore/tuf/updater.h"

#include <algorithm>
#include <set>

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/tuf/internal/delegation.h"
#include "sigstore/tuf/internal/trusted_set.h"

namespace sigstore::tuf {

using internal::Delegated;
using internal::TargetsDocument;
using internal::TrustedSet;

struct Updater::State {
  State(Repository& the_repository, Store& the_store, Time the_time)
      : repository(the_repository), store(the_store), now(the_time), set(verifier, now, false) {}

  Result<void> start(bool ask, bool expired_counts);
  Result<void> update_root();
  Result<void> update_timestamp();
  Result<void> update_snapshot();
  Result<TargetsDocument> load_targets(const Delegated& delegated);
  Result<TargetsDocument> find_role(const Delegated& delegated, const TargetsDocument& by);
  Result<bool> load_all();

  Result<std::optional<std::string>> recall(const std::string& file, std::size_t max);
  Result<std::string> fetch(const std::string& role, const MetaFile& file, std::size_t max);

  Repository& repository;
  Store& store;
  Time now;
  internal::Verifier verifier;
  TrustedSet set;
  bool asks = false;     // whether the repository may be asked
  bool forgets = false;  // keys were rotated: what was seen before may be rolled back (5.3.11)
  TargetsDocument top = std::make_shared<const Signed<Targets>>();
  // Delegated roles under who delegated to them: the same role of another delegator is trusted anew.
  std::map<std::pair<std::string, const Signed<Targets>*>, TargetsDocument> delegated;
};

// --- files

// What was stored, if it can be anything at all.
Result<std::optional<std::string>> Updater::State::recall(const std::string& file, std::size_t max) {
  auto text = store.read(file, max);
  if (text) return std::optional(std::move(*text));
  if (text.error().code == Code::not_found || text.error().code == Code::too_large) return std::nullopt;
  return fail(text.error());
}

// `max` where nobody says the length, and what any document may have where somebody does.
Result<std::string> Updater::State::fetch(const std::string& role, const MetaFile& file, std::size_t max) {
  const std::string name = metadata_file(role);
  const std::size_t bound =
      file.length ? static_cast<std::size_t>(std::min<std::uint64_t>(*file.length, limits::json_bytes)) : max;
  return repository.metadata(
      set.root().consistent_snapshot ? std::to_string(file.version) + "." + name : name, bound);
}

// --- the top level

Result<void> Updater::State::start(bool ask, bool expired_counts) {
  asks = ask;
  forgets = false;
  set = TrustedSet(verifier, now, expired_counts);
  top = std::make_shared<const Signed<Targets>>();
  delegated.clear();
  TRY(const auto text, store.read("root.json", limits::tuf_root_bytes));
  return set.begin(text);
}

// Whatever is stored stays there: what new keys do not vouch for is passed over by each who reads it.
Result<void> Updater::State::update_root() {
  for (std::size_t i = 0; i < limits::tuf_rotations; ++i) {
    const std::string file = std::to_string(set.root().version + 1) + ".root.json";
    const auto text = repository.metadata(file, limits::tuf_root_bytes);
    if (!text && text.error().code == Code::not_found) break;
    if (!text) return fail(text.error());
    TRY(const bool rotated, set.next_root(*text));
    forgets = forgets || rotated;
    TRY_OK(store.write("root.json", *text));
  }
  return set.check_root();
}

Result<void> Updater::State::update_timestamp() {
  TRY(const auto known, recall("timestamp.json", limits::tuf_timestamp_bytes));
  if (known && !forgets) set.recall_timestamp(*known);
  TRY(const auto text, repository.metadata("timestamp.json", limits::tuf_timestamp_bytes));
  TRY(const bool is_new, set.update_timestamp(text));
  return is_new ? store.write("timestamp.json", text) : Result<void>{};
}

Result<void> Updater::State::update_snapshot() {
  TRY(const auto known, recall("snapshot.json", limits::json_bytes));
  if (known && set.recall_snapshot(*known)) return {};
  if (forgets) set.forget_snapshot();
  TRY(const auto text, fetch("snapshot", set.snapshot_file(), limits::tuf_snapshot_bytes));
  TRY_OK(set.update_snapshot(text));
  return store.write("snapshot.json", text);
}

Result<TargetsDocument> Updater::State::load_targets(const Delegated& role) {
  const std::string name = metadata_file(role.name);
  TRY(const auto* file, set.file_of(role.name));
  TRY(const auto known, recall(name, limits::json_bytes));
  if (known) {
    auto document = set.read_targets(role, *known);
    if (document || !asks) return document;
  }
  if (!asks)
    return fail(Code::not_found, "the metadata of the role " + codec::printable(role.name) + " is not here");
  TRY(const auto text, fetch(role.name, *file, limits::tuf_targets_bytes));
  TRY(auto document, set.read_targets(role, text));
  TRY_OK(store.write(name, text));
  return document;
}

// --- delegated roles

Result<TargetsDocument> Updater::State::find_role(const Delegated& role, const TargetsDocument& by) {
  const auto found = delegated.find({role.name, by.get()});
  if (found != delegated.end()) return found->second;
  TRY(auto document, load_targets(role));
  delegated[{role.name, by.get()}] = document;
  return document;
}

namespace {

struct Visit {
  Delegated role;
  TargetsDocument by;  // what `role` points into; null for the top-level targets
};

// What is delegated further, put where the walk goes on: the first on top. Behind a terminating delegation
// nobody is left to ask.
void push(std::vector<Visit>& open, const TargetsDocument& document, const std::string& path) {
  const auto& delegations = document->body.delegations;
  if (!delegations) return;
  const auto delegates = internal::delegates_of(*delegations, path);
  if (!delegates.empty() && delegates.back().terminating) open.clear();
  for (auto at = delegates.rbegin(); at != delegates.rend(); ++at) {
    open.push_back({{at->name, at->role, &delegations->keys}, document});
  }
}

}  // namespace

// --- the interface

Updater::Updater(Repository& repository, Store& store, Time now)
    : state_(std::make_unique<State>(repository, store, now)) {}
Updater::~Updater() = default;

Result<void> Updater::refresh() {
  TRY_OK(state_->start(true, false));
  TRY_OK(state_->update_root());
  TRY_OK(state_->update_timestamp());
  TRY_OK(state_->update_snapshot());
  TRY(state_->top, state_->load_targets(state_->set.top_level()));
  return {};
}

Result<bool> Updater::State::load_all() {
  if (!set.check_root()) return false;
  TRY(const auto timestamp, recall("timestamp.json", limits::tuf_timestamp_bytes));
  if (!timestamp || !set.update_timestamp(*timestamp)) return false;
  TRY(const auto snapshot, recall("snapshot.json", limits::json_bytes));
  if (!snapshot || !set.update_snapshot(*snapshot)) return false;
  TRY(const auto targets, recall("targets.json", limits::json_bytes));
  if (!targets) return false;
  auto document = set.read_targets(set.top_level(), *targets);
  if (!document) return false;
  top = std::move(*document);
  return true;
}

Result<bool> Updater::load(bool expired_counts) {
  const auto started = state_->start(false, expired_counts);
  if (started) return state_->load_all();
  switch (started.error().code) {
    case Code::not_found:
    case Code::malformed:
    case Code::unsupported:
    case Code::too_large:
    case Code::bad_signature:
      return false;
    default:
      return fail(started.error());  // the store's own
  }
}

// 5.6.7. Who was visited is not looked into again, but what it is trusted for is: under another delegator it
// must be signed by the keys that this one names.
Result<std::optional<TargetFile>> Updater::find(const std::string& path) {
  std::vector<Visit> open = {{state_->set.top_level(), nullptr}};
  std::map<std::string, TargetsDocument> visited;
  while (!open.empty() && visited.size() <= limits::tuf_delegations) {
    const Visit visit = std::move(open.back());
    open.pop_back();
    if (const auto seen = visited.find(visit.role.name); seen != visited.end()) {
      TRY_OK(state_->set.check_again(visit.role, *seen->second));
      continue;
    }
    TargetsDocument document = state_->top;
    if (visit.by) {
      TRY(document, state_->find_role(visit.role, visit.by));
    }
    const auto found = document->body.targets.find(path);
    if (found != document->body.targets.end()) return found->second;
    visited.emplace(visit.role.name, document);
    push(open, document, path);
  }
  return std::nullopt;
}

// Where snapshots are consistent, a target stands under each of its hashes, or one of them.
Result<std::string> Updater::download(const std::string& path, const TargetFile& target) {
  if (target.length > limits::tuf_target_bytes)
    return fail(Code::too_large, "the target " + codec::printable(path) + " is too large",
                std::to_string(target.length) + " bytes, and at most " +
                    std::to_string(limits::tuf_target_bytes) + " are taken");
  const bool prefixed = root().consistent_snapshot;
  const std::string first = target_file(path, target, prefixed);
  auto content = state_->repository.target(first, target.length);
  for (auto hash = target.hashes.begin(); prefixed && hash != target.hashes.end(); ++hash) {
    if (content || content.error().code != Code::not_found) break;
    const std::string file = target_file(path, {target.length, {*hash}, ""}, true);
    if (file != first) content = state_->repository.target(file, target.length);
  }
  if (content) TRY_OK(check_target(target, *content, path));
  return content;
}

const std::map<std::string, TrustedFile>& Updater::trusted() const {
  return state_->set.trusted();
}
const Root& Updater::root() const {
  return state_->set.root();
}
const Targets& Updater::targets() const {
  return state_->top->body;
}

}  // namespace sigstore::tuf
