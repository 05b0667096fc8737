// Where a TUF repository is: a web server, a folder, or one tar file of that folder (specification, section
// 3: repository layout). Sigstore's have metadata at their base, and targets below targets/.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::remote {

// GET alone, limits::service_tries each; redirects are followed, bounded, but not from https to http.
// No credentials are sent. `transport` is kept.
struct TufUrls {
  net::Url metadata, targets;
};
std::unique_ptr<tuf::Repository> make_http_tufrepo(const Env& env, std::unique_ptr<net::Transport> transport,
                                                   TufUrls urls);
// `files` outlives the result. A folder is read as it is; of a tar file all is read once, bounded.
std::unique_ptr<tuf::Repository> make_folder_tufrepo(Files& files, std::string metadata, std::string targets);
Result<std::unique_ptr<tuf::Repository>> open_tar_tufrepo(Files& files, const std::string& path);

}  // namespace sigstore::remote
