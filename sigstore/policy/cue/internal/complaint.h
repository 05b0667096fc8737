// What `cue vet` says on stderr, read: a sentence, and below it, indented, the places it is about.
#pragma once

#include <string_view>
#include <vector>

#include "sigstore/policy/engine.h"

namespace sigstore::policy::cue {

// One violation for each sentence, at its first place in a policy. `copies[i]` is the name under which cue
// read the file `files[i]`. At most limits::policy_messages.
std::vector<Violation> read_complaints(std::string_view text, const std::vector<std::string>& copies,
                                       const std::vector<std::string>& files);

}  // namespace sigstore::policy::cue
