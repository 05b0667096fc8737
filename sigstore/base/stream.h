// Content that passes through in pieces, so that its size costs no memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace sigstore {

// Takes the next piece. An error ends whatever delivers the pieces, with that error.
using ByteSink = std::function<Result<void>(BytesView piece)>;

// Content of a known size that can be read from its start as often as it takes: whoever has to send it again
// opens it again. One that ends before its size is Code::mismatch for whoever reads it.
struct ByteSource {
  std::uint64_t size = 0;
  std::function<Result<std::unique_ptr<FileReader>>()> open;
};

// All that is left of `from`, in pieces of at most limits::copy_bytes; how many bytes that was.
Result<std::uint64_t> copy_stream(FileReader& from, const ByteSink& to);

// A text in memory. A view is read where it is: what it shows outlives the source and its readers.
std::unique_ptr<FileReader> read_text(std::string_view text);
ByteSource text_source(std::string_view text);

}  // namespace sigstore
