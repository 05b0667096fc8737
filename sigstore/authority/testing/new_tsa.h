// A timestamp authority by itself, for tests that ask strangers about it.
#pragma once

#include "sigstore/authority/tsa/tsa.h"

namespace sigstore::authority::testing {

// Of new keys, good from 2020 to 2120. Its chain is its own certificate and the root.
tsa::Tsa new_tsa(crypto::KeyType type);

}  // namespace sigstore::authority::testing
