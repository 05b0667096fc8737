// Whom to trust, through TUF: what commands ask for that are given no file of trust.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cosign/session/session.h"
#include "sigstore/check/pipeline.h"
#include "sigstore/trust_cache/cache.h"
#include "sigstore/verify/parties.h"

namespace cosign {

inline constexpr const char* trusted_root_target = "trusted_root.json";
inline constexpr const char* signing_config_target = "signing_config.v0.2.json";
inline constexpr const char* rekor_v2_config_target = "signing_config_rekor_v2.v0.2.json";

// What keeps a repository's targets from being kept: a trusted_root.json that none can be read from is an
// error; such a signing config is a notice, as it is not needed for verifying.
sigstore::Result<std::string> check_target(const std::string& name, const std::string& content);

// What is kept of the mirror that variables or the last `cosign initialize` name, or the public one; it is
// asked as `reach` allows. Notices go to stderr.
sigstore::Result<sigstore::trust_cache::State> load_trust(Session& session,
                                                          sigstore::trust_cache::Reach reach,
                                                          const std::vector<std::string>& names);
// One of the targets. Code::not_found where the repository has none of that name, or it was lost here.
sigstore::Result<std::string> target_of(const sigstore::trust_cache::State& state, const std::string& name);
// The same in one step; errors say what it was for.
sigstore::Result<std::string> obtain_target(Session& session, sigstore::trust_cache::Reach reach,
                                            const std::string& name);

// trusted_root.json, found out when it is first asked for, and once. The session outlives it.
sigstore::check::Obtain obtain_parties(Session& session, sigstore::trust_cache::Reach reach);

}  // namespace cosign
