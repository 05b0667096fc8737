// Results that are a file of the user's: 0600, whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "cosign/session/session.h"

namespace cosign {

// Then says on stderr where it is: `line` ("Wrote bundle to file ") and the path; nothing where it is empty.
sigstore::Result<void> write_file(Session& session, const std::string& path, std::string_view text,
                                  const std::string& line = {});
// The same; without a path to stdout, and nothing is said.
sigstore::Result<void> deliver(Session& session, const std::string& path, std::string_view text,
                               const std::string& line = {});

}  // namespace cosign
