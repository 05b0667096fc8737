#include "sigstore/trust_cache/internal/asking.h"

#include "sigstore/base/limits.h"
#include "sigstore/trust_cache/internal/reading.h"
#include "sigstore/tuf/key.h"

namespace sigstore::trust_cache {
namespace {

// Whether a root is one, and signed by those it names.
bool is_sound_root(std::string_view text) {
  const auto root = tuf::parse_root(text, "root.json");
  return root && tuf::verify_threshold(root->body.root, root->body.keys, root->signed_bytes, root->signatures,
                                       "root.json");
}

bool is_sound(const std::string& file, std::string_view text) {
  if (file == "root.json") return is_sound_root(text);
  if (file == "timestamp.json") return tuf::parse_timestamp(text, file).has_value();
  if (file == "snapshot.json") return tuf::parse_snapshot(text, file).has_value();
  return tuf::parse_targets(text, file).has_value();
}

class Asking {
 public:
  Asking(tuf::Repository& mirror, const Shelf& shelf, const Place& place, Time now, bool anew)
      : shelf_(shelf), place_(place), store_(anew ? nullptr : &shelf), updater_(mirror, store_, now) {}

  Result<Asked> run(const std::vector<std::string>& names, Time now);

 private:
  Result<void> begin();
  Result<void> take_target(const std::string& name, State& state);
  Result<void> check_targets(State& state) const;
  void say_what_was_damaged(State& state) const;
  [[nodiscard]] Changes all_changes() const;

  const Shelf& shelf_;
  const Place& place_;
  Overlay store_;
  tuf::Updater updater_;
  bool begun_ = false;  // from place.root
};

Result<void> Asking::begin() {
  if (store_.read("root.json", limits::tuf_root_bytes)) return {};
  if (place_.root.empty())
    return fail(Code::not_found, "nothing says where trust in " + place_.mirror + " begins",
                "no root.json is kept of it, and none is built in",
                "cosign initialize --mirror " + place_.mirror + " --root FILE");
  begun_ = true;
  return store_.write("root.json", place_.root);
}

Result<void> Asking::take_target(const std::string& name, State& state) {
  TRY(const auto target, updater_.find(name));
  if (!target) return {};
  const std::string file = kept_target(name);
  if (target->length <= limits::tuf_target_bytes) {
    auto kept = store_.read(file, static_cast<std::size_t>(target->length));
    if (kept && tuf::check_target(*target, *kept, name)) {
      state.targets.push_back({name, std::move(*kept)});
      return {};
    }
  }
  TRY(auto content, updater_.download(name, *target));
  TRY_OK(store_.write(file, content));
  state.targets.push_back({name, std::move(content)});
  return {};
}

Result<void> Asking::check_targets(State& state) const {
  if (!place_.check) return {};
  for (const Kept& target : state.targets) {
    TRY(auto notice, place_.check(target.name, target.content));
    if (!notice.empty()) state.notices.push_back(std::move(notice));
  }
  return {};
}

// What a newer file has replaced may have been any; what was none of its kind was damaged.
void Asking::say_what_was_damaged(State& state) const {
  if (store_.shelf() == nullptr) return;
  for (const auto& [file, content] : store_.changes()) {
    const auto kept = shelf_.read(file, limits::json_bytes);
    const bool damaged = file.starts_with("targets/")
                             ? kept && !store_.changes().contains("targets.json") && content != *kept
                             : kept && !is_sound(file, *kept);
    if (damaged) state.notices.push_back(file + " of " + place_.mirror + " was damaged, and is fetched anew");
  }
}

Changes Asking::all_changes() const {
  Changes changes;
  for (const auto& [file, content] : store_.changes()) changes[shelf_.name() + "/" + file] = content;
  if (begun_) changes[shelf_.name() + start_ending] = start_text(place_.root);
  return changes;
}

Result<Asked> Asking::run(const std::vector<std::string>& names, Time now) {
  TRY_OK(begin());
  TRY_OK(updater_.refresh());
  Asked asked;
  asked.state = state_of(updater_, place_, shelf_);
  asked.state.asked = true;
  asked.state.refreshed = now;
  for (const std::string& name : names) TRY_OK(take_target(name, asked.state));
  TRY_OK(check_targets(asked.state));
  asked.state.trusted = updater_.trusted();  // with the delegated roles that were looked into
  say_what_was_damaged(asked.state);
  asked.changes = all_changes();
  return asked;
}

}  // namespace

Result<Asked> ask(tuf::Repository& mirror, const Shelf& shelf, const Place& place, Time now,
                  const std::vector<std::string>& names, Start start) {
  const bool anew = start == Start::anew || !begun_from(shelf, place);
  auto asked = Asking(mirror, shelf, place, now, anew).run(names, now);
  if (asked || anew || place.root.empty()) return asked;
  const auto root = shelf.read("root.json", limits::json_bytes);
  if (!root || is_sound_root(*root)) return asked;
  asked = Asking(mirror, shelf, place, now, true).run(names, now);
  if (asked)
    asked->state.notices.push_back("root.json of " + place.mirror +
                                   " was damaged: what is kept of it was fetched anew");
  return asked;
}

}  // namespace sigstore::trust_cache
