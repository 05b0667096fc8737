// The one engine that moves an image: copy, save and load are it between two places.
#pragma once

#include <functional>

#include "sigstore/base/cancel.h"
#include "sigstore/carry/source.h"
#include "sigstore/carry/target.h"

namespace sigstore::carry {

struct Progress {
  std::uint64_t bytes = 0;  // of blobs: moved, or found to be there
  std::uint64_t all_bytes = 0;
};

struct CarryOptions {
  int blobs_at_once = limits::blobs_at_once;
  const Cancel* cancel = nullptr;                 // may be null
  std::function<void(const Progress&)> progress;  // from several threads, one at a time; may be empty
};

struct Summary {
  std::size_t manifests = 0, blobs = 0;
  std::uint64_t moved = 0;  // bytes that had to be moved
  std::uint64_t bytes = 0;  // of all blobs
};

// Blobs first, several at a time, each once; then manifests, children before parents and what hangs after
// what it hangs on; then Target::finish(). Stops at the first error; what is there already is found there the
// next time.
Result<Summary> carry(Source& source, Target& target, const Cargo& cargo, const CarryOptions& options);

}  // namespace sigstore::carry
