// A file that log lines are appended to, shared with whoever rotates it.
#pragma once

#include <string>

#include "server/host/access_log.h"
#include "sigstore/base/result.h"

namespace server::host {

// Each line is one write at the end of the file, which is made (0640) when it is not there. Code::io.
sigstore::Result<AccessLog::Sink> open_log_file(const std::string& path);

}  // namespace server::host
