// One request, done; and what is said of it, as docs/formats/pkcs11-helper.md says: one JSON object.
#pragma once

#include <string>

#include "sigstore/base/bytes.h"

namespace pkcs11 {

// The JSON that answers this input. Opens the module that it names, and closes it.
std::string answer(sigstore::BytesView input);

}  // namespace pkcs11
