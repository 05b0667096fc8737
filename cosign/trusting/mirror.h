// A mirror of a TUF repository, wherever it is: the only place that knows the forms of its name.
#pragma once

#include <memory>
#include <string>

#include "cosign/session/session.h"
#include "sigstore/trust_cache/cache.h"

namespace cosign {

// A URL (http:// or https://), a folder, or a tar file. Nothing is asked yet of a URL; a tar file is read.
// The session outlives it. While a server is asked a terminal says so, and where it takes long a note.
// Code::malformed for what is no URL; not_found for a path where nothing is.
sigstore::Result<std::unique_ptr<sigstore::tuf::Repository>> open_mirror(Session& session,
                                                                         const std::string& mirror);
sigstore::trust_cache::OpenMirror mirror_opener(Session& session);

// A small file that is trusted by whoever names it: a path, or a URL, which is fetched.
sigstore::Result<std::string> read_named_root(Session& session, const std::string& place);

}  // namespace cosign
