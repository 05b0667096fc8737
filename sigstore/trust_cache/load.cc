#include <utility>

#include "sigstore/base/limits.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/trust_cache/cache.h"
#include "sigstore/trust_cache/internal/asking.h"
#include "sigstore/trust_cache/internal/lock.h"
#include "sigstore/trust_cache/internal/reading.h"

namespace sigstore::trust_cache {
namespace {

constexpr const char* carry_hint =
    "where there is a network: cosign mirror create FILE.tar; and here: cosign initialize --mirror FILE.tar; "
    "or name the file with --trusted-root";

constexpr int most_looks = 10;

// What tells that another process has written meanwhile.
struct Look {
  Changes unfinished;
  std::string root, timestamp;
  friend bool operator==(const Look&, const Look&) = default;
};

class Loading {
 public:
  Loading(const Env& env, const Place& place, const std::vector<std::string>& names, const OpenMirror& open)
      : env_(env),
        place_(place),
        name_(folder_name(place.mirror)),
        names_(names),
        open_(open),
        now_(env.clock->now()) {}

  Result<State> run(Reach reach);

 private:
  Result<std::optional<State>> kept(const Shelf& shelf, bool expired_counts) const;
  [[nodiscard]] Look look() const;
  Result<std::optional<State>> kept_by_anybody() const;
  Result<State> offline() const;
  Result<std::optional<State>> without_lock();
  Result<State> with_lock(Reach reach);
  Result<State> refreshed(const Shelf& shelf, bool may_write);
  void keep(const Asked& asked, State& state) const;
  [[nodiscard]] Error explained(Error error, const Shelf& shelf) const;
  [[nodiscard]] Shelf plain_shelf() const { return {*env_.files, place_.folder, name_}; }

  const Env& env_;
  const Place& place_;
  const std::string name_;
  const std::vector<std::string>& names_;
  const OpenMirror& open_;
  const Time now_;
  std::optional<std::string> stale_;  // the timestamp of what was looked at, and will not do
  std::string not_kept_;              // why nothing is written; empty: it is
};

void add(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string timestamp_of(const Shelf& shelf) {
  return shelf.read("timestamp.json", limits::tuf_timestamp_bytes).value_or("");
}

Result<std::optional<State>> Loading::kept(const Shelf& shelf, bool expired_counts) const {
  TRY(auto state, read_kept(shelf, place_, now_, names_, expired_counts));
  if (state) add(state->notices, expiry_notices(*state, now_));
  return state;
}

Look Loading::look() const {
  if (place_.folder.empty()) return {};
  const Shelf shelf = plain_shelf();
  return {unfinished(*env_.files, place_.folder).value_or(Changes{}),
          shelf.read("root.json", limits::tuf_root_bytes).value_or(""), timestamp_of(shelf)};
}

// What a process has committed but not finished is read as if it had. One that writes meanwhile may show some
// of the old and some of the new, which do not fit together: then it is looked at again.
Result<std::optional<State>> Loading::kept_by_anybody() const {
  Look before = look();
  for (int looks = 1;; ++looks) {
    const Shelf shelf(*env_.files, place_.folder, name_, before.unfinished);
    TRY(auto state, read_kept(shelf, place_, now_, names_, true));
    const bool whole = state && state->lost.empty();
    if (whole || looks == most_looks) return state;
    if (Look after = look(); after != std::exchange(before, after)) continue;
    return state;
  }
}

Result<State> Loading::offline() const {
  TRY(auto state, kept_by_anybody());
  if (state) {
    add(state->notices, expiry_notices(*state, now_));
    return std::move(*state);
  }
  const Shelf shelf(*env_.files, place_.folder, name_, look().unfinished);
  if (const auto flaw = first_flaw(shelf, place_, now_))
    return fail(incomplete(place_.mirror, flaw->first, flaw->second));
  std::string wanted = "timestamp.json, snapshot.json, targets.json";
  for (const std::string& name : names_) wanted += ", " + name;
  return fail(Code::not_found, "nothing is kept here of " + place_.mirror + ", and nobody may be asked",
              wanted + " would have been fetched", carry_hint);
}

// A log that is there is finished first, under the lock.
Result<std::optional<State>> Loading::without_lock() {
  if (place_.folder.empty() || env_.files->exists(place_.folder + "/" + std::string(redo_log)))
    return std::nullopt;
  const Shelf shelf = plain_shelf();
  TRY(auto state, kept(shelf, false));
  if (!state) stale_ = timestamp_of(shelf);
  return state;
}

void Loading::keep(const Asked& asked, State& state) const {
  auto done = commit(*env_.files, place_.folder, asked.changes);
  if (!done)
    state.notices.push_back("what " + place_.mirror + " says could not be kept: " + done.error().text());
  state.refreshed = env_.clock->now();
  const std::string times = place_.folder + "/" + name_ + asked_ending;
  if (done) (void)env_.files->write_atomic(times, asked_text(*state.refreshed), 0600);  // nothing hangs on it
}

Error Loading::explained(Error error, const Shelf& shelf) const {
  const auto old = read_kept(shelf, place_, now_, {}, true);
  if (!old || !*old) return error;
  const auto [role, expires] = first_to_expire(**old);
  if (expires > now_) return error;
  Error wrapped = error.wrap("what is kept of " + place_.mirror + " expired at " +
                             codec::rfc3339::seconds(expires) + ", and could not be refreshed");
  if (wrapped.hint.empty()) wrapped.hint = "--offline uses it as it is";
  return wrapped;
}

Result<State> Loading::refreshed(const Shelf& shelf, bool may_write) {
  auto mirror = open_(place_.mirror);
  if (!mirror) return fail(explained(std::move(mirror.error()), shelf));
  auto asked = ask(**mirror, shelf, place_, now_, names_, Start::kept);
  if (!asked) return fail(explained(std::move(asked.error()), shelf));
  State state = std::move(asked->state);
  if (may_write) keep(*asked, state);
  if (!not_kept_.empty())
    state.notices.push_back("what " + place_.mirror +
                            " says is not kept, and fetched each time: " + not_kept_);
  add(state.notices, expiry_notices(state, now_));
  return state;
}

// Others may have refreshed it while we waited: who waited need not ask again.
Result<State> Loading::with_lock(Reach reach) {
  auto lock = lock_folder(env_, place_.folder);
  if (!lock && (lock.error().code == Code::timeout || lock.error().code == Code::cancelled))
    return fail(std::move(lock.error()));
  auto finished = lock ? finish(*env_.files, place_.folder) : Result<void>{};
  if (!lock) not_kept_ = lock.error().text();
  if (!finished) not_kept_ = finished.error().text();
  Changes changes;
  if (!not_kept_.empty()) changes = unfinished(*env_.files, place_.folder).value_or(Changes{});
  const Shelf shelf(*env_.files, place_.folder, name_, std::move(changes));
  const bool same = lock && !lock->waited && stale_ == timestamp_of(shelf);
  const auto asked = last_asked(shelf);
  if (!same && (reach == Reach::fresh || (asked && *asked > now_ && *asked <= env_.clock->now()))) {
    TRY(auto state, kept(shelf, false));
    if (state) return std::move(*state);
  }
  return refreshed(shelf, not_kept_.empty());
}

Result<State> Loading::run(Reach reach) {
  if (reach == Reach::offline) return offline();
  if (reach == Reach::fresh) {
    TRY(auto state, without_lock());
    if (state) return std::move(*state);
  }
  if (!place_.folder.empty()) return with_lock(reach);
  not_kept_ = place_.nowhere;
  return refreshed(plain_shelf(), false);
}

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

}  // namespace

Error incomplete(const std::string& mirror, const std::string& file, Flaw flaw) {
  const bool missing = flaw == Flaw::missing;
  return {Code::not_found, "what is kept here of " + mirror + (missing ? " is incomplete" : " is damaged"),
          file + (missing ? " is missing" : " cannot be used, or does not fit the rest"),
          "it is fetched anew without --offline, or by cosign initialize"};
}

bool is_url(std::string_view mirror) {
  return mirror.starts_with("https://") || mirror.starts_with("http://");
}

std::string folder_name(std::string_view mirror) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (mirror.starts_with(scheme)) mirror.remove_prefix(scheme.size());
  std::string name(mirror);
  for (char& c : name)
    if (c == '/' || c == ':') c = '-';
  return mirror.starts_with('/') ? name : lower_case(std::move(name));
}

Result<void> check_mirror(const std::string& mirror) {
  const std::string name = folder_name(mirror);
  if (name.empty() || name == "." || name == "..")
    return fail(Code::invalid_argument, "\"" + mirror + "\" is no mirror",
                "it is a URL, or an absolute path");
  // Its folder and the files beside it would be those of another mirror, or of all; capitals may count for
  // nothing where they are kept.
  const std::string small = lower_case(name);
  if (small != "remote" && small != "unfinished" && !small.ends_with(".json") && !small.ends_with(".start"))
    return {};
  return fail(Code::invalid_argument, "a mirror of this name cannot be kept: " + mirror,
              "its folder would be " + name + ", a name that the trust cache has for its own files",
              "name it in another way: with a port, or a path");
}

Result<State> load(const Env& env, const Place& place, Reach reach, const std::vector<std::string>& names,
                   const OpenMirror& open) {
  TRY_OK(check_mirror(place.mirror));
  return Loading(env, place, names, open).run(reach);
}

}  // namespace sigstore::trust_cache
