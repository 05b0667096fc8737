// Programs that give credentials for a cluster: client.authentication.k8s.io, v1 and v1beta1.
#pragma once

#include <string_view>

#include "sigstore/keys/k8s/internal/access.h"

namespace sigstore::keys::k8s {

// Runs the plugin of the user, which has one; what it says on stderr is shown. Code::io when it cannot be run
// or fails, timeout, too_large, malformed for an answer that is none. Nothing of its answer is in an error.
Result<Credentials> ask_exec_plugin(const Env& env, const Chosen& chosen);

// Its answer: an ExecCredential of that version with a token, a certificate with its key, or both.
Result<Credentials> parse_exec_credential(std::string_view text, const std::string& api_version,
                                          const std::string& what);

}  // namespace sigstore::keys::k8s
