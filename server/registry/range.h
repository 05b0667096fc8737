// Ranges of bytes: the part of a blob that a reader wants (RFC 9110, section 14), and where a chunk of an
// upload belongs (distribution-spec, "Pushing a blob in chunks").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "server/registry/failure.h"

namespace server::registry {

struct Part {
  std::uint64_t first = 0, last = 0;  // both belong to it
  friend bool operator==(const Part&, const Part&) = default;
};

// The part of `size` bytes that the Range header asks for. nullopt: all of it, because there is no range, or
// several, or one that is not understood, or If-Range names other content than `etag`. 416 for a range that
// has nothing of the blob.
Or<std::optional<Part>> wanted_part(const sigstore::net::Headers& headers, std::uint64_t size,
                                    std::string_view etag);

// Whether a chunk may follow `size` bytes: 416 when its Content-Range does not begin there, 400 when that is
// no range or not as long as the body.
Or<void> check_chunk(const host::Request& request, std::uint64_t size);

}  // namespace server::registry
