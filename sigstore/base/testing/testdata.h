// Files that tests read: a room's own testdata, the fixtures written by the real program, foreign test
// vectors.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sigstore::fakes {

// The whole file; ends the test program with a message when it cannot be read.
std::string read_testdata(const std::string& path);
// All regular files below a folder, sorted.
std::vector<std::string> testdata_below(const std::string& folder);
// $SIGSTORE_VECTORS, nullopt when it is not set: the test is skipped and says so.
std::optional<std::string> vectors_folder();

}  // namespace sigstore::fakes
