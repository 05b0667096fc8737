// Where trust comes from when no file names it: which TUF repository, where its cache is, and which root it
// begins with. Variables are those of real cosign: TUF_MIRROR, TUF_ROOT, TUF_ROOT_JSON, SIGSTORE_NO_CACHE.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/trust_cache/cache.h"

namespace cosign {

inline constexpr std::string_view public_mirror = "https://tuf-repo-cdn.sigstore.dev";
inline constexpr std::string_view staging_mirror = "https://tuf-repo-cdn.sigstage.dev";

// The folder of all mirrors: TUF_ROOT, or .sigstore/root below HOME; empty where there is neither, or
// SIGSTORE_NO_CACHE is true: then nothing is kept.
std::string cache_folder(const sigstore::Env& env);

// Whether SIGSTORE_NO_CACHE says so.
bool is_nothing_kept(const sigstore::Env& env);

// The mirror: TUF_MIRROR, or the one of the last `cosign initialize` (remote.json), or the public one; with
// what is kept of it. Code::malformed for a remote.json that names none; the errors of reading it, and those
// of what TUF_ROOT_JSON names.
sigstore::Result<sigstore::trust_cache::Place> trust_place(const sigstore::Env& env);

// The root that is kept of a mirror in the folder of all, unverified; empty where there is none.
std::string kept_root(const sigstore::Env& env, const std::string& folder, const std::string& mirror);

// The root of the public Sigstore, or of its staging instance: built in. Empty for all other mirrors.
std::string built_in_root(std::string_view mirror);

// The same where somebody must be trusted: of any other mirror too the public Sigstore's, or with `staging`
// that of its staging instance.
std::string assumed_root(std::string_view mirror, bool staging);

// As it is written into remote.json: a path is made absolute. URLs (file:// too) stay as they were typed.
std::string mirror_name(const std::string& given);
// The same of what somebody named by `what` ("--mirror"): Code::invalid_argument for none of the forms.
sigstore::Result<std::string> chosen_mirror(const sigstore::Env& env, const std::string& given,
                                            const std::string& what);
// Of a mirror that is no URL of a server: its path.
std::string mirror_path(const std::string& mirror);
// Whether it is asked over the network.
using sigstore::trust_cache::is_url;

}  // namespace cosign
