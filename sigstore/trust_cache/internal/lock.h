// Taking turns with other processes. For trust_cache only.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/env.h"

namespace sigstore::trust_cache {

struct Turn {
  std::unique_ptr<FileLock> lock;
  bool waited = false;  // for another to finish
};
// The folder's lock; the folder is made where it is missing. Waits while another holds it: Code::timeout
// after limits::tuf_lock_patience; cancelled; those of Files where it cannot be made or locked.
Result<Turn> lock_folder(const Env& env, const std::string& folder);

}  // namespace sigstore::trust_cache
