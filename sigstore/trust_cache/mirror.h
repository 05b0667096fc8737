// A whole TUF repository, fetched and verified: what somebody has to carry who wants a mirror of it.
#pragma once

#include <map>
#include <string>

#include "sigstore/tuf/updater.h"

namespace sigstore::trust_cache {

struct Mirror {
  // As a web server or folder has them: "2.root.json", "timestamp.json", "targets/HEX.trusted_root.json".
  std::map<std::string, std::string> files;
  // Other names of targets among them: clients ask by whichever hash of a target they like.
  std::map<std::string, std::string> also;
  std::map<std::string, tuf::TrustedFile> trusted;  // by role, delegated ones too
  std::size_t targets = 0;
};

// Begins with the trusted `root`: every root after it, the metadata of every role that the newest one leads
// to, and every target of theirs; of the roots before it those that lead to it. Errors: those of
// tuf::Updater; Code::too_large for more than limits::tuf_files roles or limits::tuf_mirror_bytes.
Result<Mirror> copy_repository(tuf::Repository& from, const std::string& root, Time now);

}  // namespace sigstore::trust_cache
