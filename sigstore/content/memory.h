// Content that is gone with the process.
#pragma once

#include "sigstore/base/limits.h"
#include "sigstore/content/store.h"

namespace sigstore::content {

// Code::disk_full once committed and unfinished contents together exceed `max_bytes`.
std::unique_ptr<Store> make_memory(std::uint64_t max_bytes = limits::memory_store_bytes);

}  // namespace sigstore::content
