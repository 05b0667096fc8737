#include "sigstore/keyset/key_set.h"

#include <algorithm>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/keyset/scope.h"

namespace sigstore::keyset {
namespace {

using codec::rfc3339::seconds;

std::string with_reason(const Key& key) {
  return " at " + seconds(*key.since) + (key.reason.empty() ? "" : ": " + key.reason);
}

// "a", "a or b", "a, b or 3 more"
std::string listed(const std::vector<std::string>& globs) {
  constexpr std::size_t most = 3;
  std::string text = globs.front();
  for (std::size_t i = 1; i < std::min(globs.size(), most); ++i)
    text += (i + 1 == globs.size() ? " or " : ", ") + globs[i];
  if (globs.size() > most) text += " or " + std::to_string(globs.size() - most) + " more";
  return text;
}

std::optional<std::string> out_of_scope(const Key& key, const oci::Repository* where) {
  if (key.scope.empty()) return std::nullopt;
  if (where == nullptr) return " is for " + listed(key.scope) + " alone, and this is in no repository";
  const auto covers = [&](const std::string& glob) { return matches(glob, *where); };
  if (std::ranges::any_of(key.scope, covers)) return std::nullopt;
  return " is for " + listed(key.scope) + " alone, not for " + where->text();
}

std::optional<std::string> problem(const Key& key, Use use, Time now, const oci::Repository* where) {
  if (key.state == State::revoked) return " was revoked" + with_reason(key);
  if (key.state == State::retired && use == Use::sign)
    return " was retired" + with_reason(key) + "; it verifies, and signs nothing more";
  if (key.not_before && now < *key.not_before) return " is not valid before " + seconds(*key.not_before);
  if (key.not_after && now > *key.not_after) return " was valid until " + seconds(*key.not_after);
  return out_of_scope(key, where);
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::active:
      return "active";
    case State::retired:
      return "retired";
    case State::revoked:
      break;
  }
  return "revoked";
}

std::string Key::title() const {
  return name.empty() ? key.fingerprint() : name + " (" + key.fingerprint() + ")";
}

const Key* KeySet::find(const crypto::PublicKey& key) const {
  const auto found = std::ranges::find(keys, key, &Key::key);
  return found == keys.end() ? nullptr : &*found;
}

std::optional<std::string> refusal(const Key& key, Use use, Time now, const oci::Repository* where) {
  const auto why = problem(key, use, now, where);
  if (!why) return std::nullopt;
  return "key " + key.title() + *why;
}

}  // namespace sigstore::keyset
