// Changes to a key set. Each raises its version by one; whoever keeps it signed has to sign it again. Nothing
// is changed on an error.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/keyset/key_set.h"

namespace sigstore::keyset {

// Code::conflict when the key, or another of this name, is in the set; Code::too_large beyond
// limits::key_set_keys. What parse() would refuse of it is Code::malformed.
Result<KeySet> with_key(const KeySet& set, Key key);

// `state` is retired or revoked. Code::conflict when the key is in that state, or revoked, already;
// Code::not_found when it is not in the set.
Result<KeySet> with_state(const KeySet& set, const crypto::PublicKey& key, State state, Time since,
                          std::string reason);

// The key that `text` names: its id, the beginning of one (8 digits of it or more, with
// or without "sha256:"), or its name. A name that
// looks like the id of another key is not meant by it.
// Code::not_found; Code::conflict when it is the beginning of several.
Result<Key> named(const KeySet& set, std::string_view text, std::string_view what);

}  // namespace sigstore::keyset
