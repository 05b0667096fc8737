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

bool begins_id(std::string_view text) {
  return text.starts_with(id_head) && text.size() >= id_head.size() + fewest_digits;
}

}  // namespace

Result<KeySet> with_key(const KeySet& set, Key key) {
  if (const Key* there = set.find(key.key))
    return fail(Code::conflict, "key " + there->title() + " is in the set already",
                "it is " + std::string(name(there->state)));
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
  std::vector<const Key*> found;
  for (const Key& key : set.keys)
    if (begins_id(text) && key.key.fingerprint().starts_with(text)) found.push_back(&key);
  if (found.size() == 1) return *found.front();
  const auto by_name = std::ranges::find(set.keys, text, &Key::name);
  if (!text.empty() && found.empty() && by_name != set.keys.end()) return *by_name;
  if (found.empty())
    return fail(Code::not_found, "no key " + std::string(text) + " is in " + std::string(what), {},
                "cosign keyset show says which are");
  return fail(Code::conflict,
              std::string(text) + " begins the ids of " + std::to_string(found.size()) + " keys");
}

}  // namespace sigstore::keyset
