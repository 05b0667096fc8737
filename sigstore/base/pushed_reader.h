// What one side pushes and the other pulls: a download that is the body of an upload.
#pragma once

#include <functional>
#include <memory>

#include "sigstore/base/stream.h"

namespace sigstore {

// Runs `produce` on a thread of its own, which is at most `window` bytes ahead of who reads. Its error is
// that of the read after the last byte that it delivered. A reader that dies early makes the sink fail with
// Code::cancelled, and waits until `produce` has returned.
std::unique_ptr<FileReader> read_pushed(std::function<Result<void>(const ByteSink& sink)> produce,
                                        std::size_t window);

}  // namespace sigstore
