#include "sigstore/keyset/change.h"

#include <algorithm>
#include <chrono>

#include "sigstore/codec/rfc3339.h"

namespace sigstore::keyset {
namespace {

constexpr std::string_view id_head = "sha256:";
constexpr std::size_t fewest_digits = 8;

// What was put together here is held to the same rules as what comes from outside.
Result<KeySet> next(KeySet set) {
  ++set.version;
  return KeySet::parse(set.write(), "the key set");
}

// "sha256:e581471f" of itself and of "e581471f"; empty for what is no beginning of an id.
std::string as_id(std::string_view text) {
  std::string id(text.starts_with(id_head) ? text.substr(id_head.size()) : text);
  if (id.find_first_not_of("0123456789abcdef") != id.npos) return {};
  return id.insert(0, id_head);
}

bool names_one(std::string_view id) {
  return id.size() >= id_head.size() + fewest_digits;
}

}  // namespace

Result<KeySet> with_key(const KeySet& set, Key key) {
  if (const Key* there = set.find(key.key))
    return fail(Code::conflict, "key " + there->title() + " is in the set already",
                "it is " + std::string(name(there->state)),
                "to change its scope or window, edit what cosign keyset show --output document prints, "
                "raise its version, and sign it again");
  const auto same_name = [&](const Key& other) { return !key.name.empty() && other.name == key.name; };
  if (std::ranges::any_of(set.keys, same_name))
    return fail(Code::conflict, "the set has another key of the name \"" + key.name + "\"", {},
                "choose another --name");
  KeySet changed = set;
  changed.keys.push_back(std::move(key));
  return next(std::move(changed));
}

Result<KeySet> with_state(const KeySet& set, const crypto::PublicKey& key, State state, Time since,
                          std::string reason) {
  KeySet changed = set;
  const auto found = std::ranges::find(changed.keys, key, &Key::key);
  if (found == changed.keys.end())
    return fail(Code::not_found, "key " + key.fingerprint() + " is not in the set");
  if (found->state == state || found->state == State::revoked)
    return fail(Code::conflict,
                "key " + found->title() + " is " + std::string(name(found->state)) + " already",
                "since " + codec::rfc3339::seconds(*found->since));
  found->state = state;
  found->since = std::chrono::floor<std::chrono::seconds>(since);
  found->reason = std::move(reason);
  return next(std::move(changed));
}

Result<Key> named(const KeySet& set, std::string_view text, std::string_view what) {
  const std::string id = as_id(text);
  std::vector<const Key*> found;
  for (const Key& key : set.keys)
    if (names_one(id) && key.key.fingerprint().starts_with(id)) found.push_back(&key);
  const auto by_name = std::ranges::find(set.keys, text, &Key::name);
  const bool is_name = !text.empty() && by_name != set.keys.end();
  if (is_name && found.size() == 1 && found.front() != &*by_name && !text.starts_with(id_head))
    return fail(Code::conflict, std::string(text) + " is the name of a key, and begins the id of another", {},
                "write sha256: before the digits of an id");
  if (found.size() == 1) return *found.front();
  if (is_name && found.empty()) return *by_name;
  if (found.empty())
    return fail(Code::not_found, "no key " + std::string(text) + " is in " + std::string(what),
                id.empty() || names_one(id) ? "" : "at least 8 digits of an id are needed",
                "cosign keyset show says which are");
  return fail(Code::conflict,
              std::string(text) + " begins the ids of " + std::to_string(found.size()) + " keys");
}

}  // namespace sigstore::keyset
