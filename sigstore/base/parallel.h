// A loop over independent pieces of work, several at a time.
#pragma once

#include <cstddef>
#include <functional>

namespace sigstore {

// Calls work(0) … work(count - 1), each once, on at most `workers` threads (the caller's among them), and
// returns when all are done. `work` must not throw and must be safe to call from several threads.
void parallel(std::size_t count, int workers, const std::function<void(std::size_t)>& work);

}  // namespace sigstore
