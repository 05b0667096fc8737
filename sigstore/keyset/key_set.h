// Key sets: which keys verify, for how long, for what, and in which state (docs/formats/key-set.md). Pure: no
// clock, no files. Whether a set is to be trusted is a question to signed_set.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/crypto/key.h"
#include "sigstore/oci/reference.h"

namespace sigstore::keyset {

// A retired key signs nothing more and still verifies; a revoked one does neither.
enum class State { active, retired, revoked };
std::string_view name(State state);

struct Key {
  crypto::PublicKey key;  // its id is key.fingerprint()
  std::string name;       // for people; may be empty
  State state = State::active;
  std::optional<Time> since;  // of the state; set exactly when it is not active. Whole seconds, as all times
  std::string reason;         // of the state; may be empty
  std::optional<Time> not_before, not_after;  // both belong to the window
  std::vector<std::string> scope;             // globs (scope.h); empty: everywhere

  // The name, and the id; the id alone when there is no name.
  [[nodiscard]] std::string title() const;
  friend bool operator==(const Key&, const Key&) = default;
};

// Who signs the set.
struct Root {
  crypto::PublicKey key;
  std::string name;
  friend bool operator==(const Root&, const Root&) = default;
};

struct KeySet {
  std::uint64_t version = 1;    // 1 to limits of an int; goes up with every change
  std::optional<Time> expires;  // of the whole set
  std::vector<Root> roots;
  std::size_t threshold = 0;  // how many roots must sign; 0 exactly when there are none
  std::vector<Key> keys;

  // The document, as strict JSON. Every id must be that of its key; ids and names are unique; members that
  // are not known are refused, since they may narrow what is trusted. Code::malformed, Code::mismatch (an
  // id), Code::unsupported (another format, a key that cannot be used), Code::too_large beyond limits.h.
  // `what` names the set in messages.
  static Result<KeySet> parse(std::string_view json, std::string_view what);
  // Indented, as parse() reads it.
  [[nodiscard]] std::string write() const;

  [[nodiscard]] const Key* find(const crypto::PublicKey& key) const;
  [[nodiscard]] bool has_expired(Time now) const { return expires && now > *expires; }
  friend bool operator==(const KeySet&, const KeySet&) = default;
};

enum class Use { verify, sign };

// Why `key` may not be used at `now` for what is in `where` (nullptr: a file, or an image whose repository is
// not known), as a sentence that begins with its title; nullopt when it may.
std::optional<std::string> refusal(const Key& key, Use use, Time now, const oci::Repository* where);

}  // namespace sigstore::keyset
