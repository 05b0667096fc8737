// Reading an open descriptor. For base/system only.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/base/system/system_error.h"

namespace sigstore::system {

// A regular file is read from its start, whatever the descriptor's own position; others as they come.
std::unique_ptr<FileReader> make_reader(Descriptor fd, std::string path);

// -1 with errno, else the bytes read.
ssize_t read_some(int fd, std::span<std::uint8_t> out);

}  // namespace sigstore::system
