// A file that log lines are appended to, shared with whoever rotates it.
#pragma once

#include <string>

#include "server/host/access_log.h"
#include "sigstore/base/result.h"

namespace server::host {

// Each line is one write at the end of the file, which is made (0640) when it is not there. Once it was
// renamed or removed, as logrotate does, lines go to a new one of its name, a second later at most; cutting
// it (copytruncate) works as well. No signal is needed. Thread-safe; `clock` outlives the result. Code::io.
sigstore::Result<AccessLog::Sink> open_log_file(const sigstore::Clock& clock, const std::string& path);

}  // namespace server::host
