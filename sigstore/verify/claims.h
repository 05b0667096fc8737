// What was signed, compared with what is required. Private to this room.
#pragma once

#include <vector>

#include "sigstore/verify/checks.h"
#include "sigstore/verify/reading.h"

namespace sigstore::verify {

// "type", "subject" and "annotations". `proven`: the signature passed; without it nothing but the type is
// compared.
std::vector<Check> judge_claims(const bundle::Bundle& bundle, const Reading& reading,
                                const Requirements& requirements, const crypto::PassingMessage* file,
                                bool proven);

}  // namespace sigstore::verify
