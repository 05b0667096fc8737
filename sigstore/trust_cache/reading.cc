#include "sigstore/trust_cache/internal/reading.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::trust_cache {
namespace {

namespace json = codec::json;

// For an updater that reads what is kept: it asks nobody.
class Nobody final : public tuf::Repository {
 public:
  Result<std::string> metadata(const std::string& file, std::size_t) override { return refuse(file); }
  Result<std::string> target(const std::string& path, std::uint64_t) override { return refuse(path); }

 private:
  static std::unexpected<Error> refuse(const std::string& what) {
    return fail(Code::internal, what + " is asked for where nobody may be asked");
  }
};

enum class Found { kept, unlisted, missing };

Result<Found> read_target(tuf::Updater& updater, const Shelf& shelf, const std::string& name, State& state) {
  const auto target = updater.find(name);
  if (!target) return Found::missing;  // the metadata of a delegated role is
  if (!*target) return Found::unlisted;
  if ((*target)->length > limits::tuf_target_bytes) return Found::missing;
  auto content = shelf.read(kept_target(name), static_cast<std::size_t>((*target)->length));
  if (!content && content.error().code == Code::cancelled) return fail(content.error());
  if (!content || !tuf::check_target(**target, *content, name)) return Found::missing;
  state.targets.push_back({name, std::move(*content)});
  return Found::kept;
}

// Of a file that will not do.
Flaw flaw_of(const Shelf& shelf, const std::string& file) {
  return shelf.read(file, limits::json_bytes) ? Flaw::damaged : Flaw::missing;
}

}  // namespace

State state_of(const tuf::Updater& updater, const Place& place, const Shelf& shelf) {
  State state;
  state.mirror = place.mirror;
  if (!shelf.folder().empty()) state.folder = shelf.folder() + "/" + shelf.name();
  state.trusted = updater.trusted();
  state.root = updater.root();
  state.listed = updater.targets();
  state.refreshed = last_asked(shelf);
  return state;
}

Result<std::optional<State>> read_kept(const Shelf& shelf, const Place& place, Time now,
                                       const std::vector<std::string>& names, bool expired_counts) {
  if (!begun_from(shelf, place)) return std::nullopt;
  Overlay store(&shelf);
  Nobody nobody;
  tuf::Updater updater(nobody, store, now);
  TRY(const bool whole, updater.load(expired_counts));
  if (!whole) return std::nullopt;
  State state = state_of(updater, place, shelf);
  for (const std::string& name : names) {
    TRY(const Found found, read_target(updater, shelf, name, state));
    if (found != Found::missing) continue;
    if (!expired_counts) return std::nullopt;
    state.lost[name] = flaw_of(shelf, kept_target(name));
  }
  return state;
}

std::optional<std::pair<std::string, Flaw>> first_flaw(const Shelf& shelf, const Place& place, Time now) {
  if (!begun_from(shelf, place)) return std::nullopt;
  Overlay store(&shelf);
  Nobody nobody;
  tuf::Updater updater(nobody, store, now);
  (void)updater.load(true);
  std::optional<std::pair<std::string, Flaw>> first;
  bool any = false;
  for (const std::string role : {"root", "timestamp", "snapshot", "targets"}) {
    const std::string file = role + ".json";
    const Flaw flaw = flaw_of(shelf, file);
    any = any || flaw == Flaw::damaged;  // it is there
    if (!first && !updater.trusted().contains(role)) first = {file, flaw};
  }
  return any ? first : std::nullopt;
}

std::string start_text(std::string_view root) {
  return codec::hex::encode(crypto::sha256(as_bytes(root))) + "\n";
}

bool begun_from(const Shelf& shelf, const Place& place) {
  if (!place.root_is_named || place.root.empty()) return true;
  if (shelf.read_beside(start_ending, 1000) == start_text(place.root)) return true;
  return shelf.read("root.json", limits::tuf_root_bytes) == place.root;
}

std::optional<Time> last_asked(const Shelf& shelf) {
  const auto text = shelf.read_beside(asked_ending, limits::error_body_bytes);
  if (!text) return std::nullopt;
  const auto document = json::parse(*text, "the time of the last refresh");
  const auto* when = document ? document->get("lastTimestamp") : nullptr;
  if (when == nullptr || when->string() == nullptr) return std::nullopt;
  const auto time = codec::rfc3339::parse(*when->string());
  return time ? std::optional(*time) : std::nullopt;
}

std::string asked_text(Time now) {
  return json::write(json::Object{{"lastTimestamp", codec::rfc3339::milliseconds(now)}});
}

std::vector<std::string> expiry_notices(const State& state, Time now) {
  constexpr auto soon = std::chrono::days(14);
  std::vector<std::pair<std::string, std::string>> said;  // by role
  for (const auto& [role, file] : state.trusted) {
    const bool announced = role == "root" || role == "targets" || !is_url(state.mirror);
    if (file.expires > now && (!announced || file.expires - now > soon)) continue;
    said.emplace_back(
        role, (file.expires <= now ? "expired at " : "expires at ") + codec::rfc3339::seconds(file.expires));
  }
  if (said.empty()) return {};
  if (said.size() == 1)
    return {"the " + said[0].first + " metadata of " + state.mirror + " " + said[0].second};
  std::string text = "the metadata of " + state.mirror + ": ";
  for (std::size_t i = 0; i < said.size(); ++i)
    text += (i == 0 ? "" : ", ") + said[i].first + " " + said[i].second;
  return {text};
}

std::pair<std::string, Time> first_to_expire(const State& state) {
  std::pair<std::string, Time> first{"", Time::max()};
  for (const auto& [role, file] : state.trusted)
    if (file.expires < first.second) first = {role, file.expires};
  return first;
}

}  // namespace sigstore::trust_cache
