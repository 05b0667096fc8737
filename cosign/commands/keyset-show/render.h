// A key set for people and for programs.
#pragma once

#include <string>

#include "sigstore/keyset/signed_set.h"

namespace cosign::keyset_show {

// `trusted`: what keyset::judge() said. What the keys may do is said as of `now`, scopes aside.
std::string as_text(const sigstore::keyset::SignedSet& file, const std::string& path,
                    const sigstore::Result<void>& trusted, sigstore::Time now);
// Versioned; the schema is docs/formats/key-set.md.
std::string as_json(const sigstore::keyset::SignedSet& file, const std::string& path,
                    const sigstore::Result<void>& trusted, sigstore::Time now);

}  // namespace cosign::keyset_show
