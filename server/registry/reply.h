// What all answers of the registry are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "server/registry/failure.h"
#include "sigstore/content/store.h"
#include "sigstore/oci/digest.h"

namespace server::registry {

host::Response text_response(int status, sigstore::net::Headers headers, std::string text = {});

// "/v2/REPO"
std::string repository_path(const std::string& repository);

Or<sigstore::oci::Digest> digest_of(const std::string& text);  // DIGEST_INVALID

// The whole body; SIZE_INVALID above `max` bytes.
Or<std::string> read_body(const host::Request& request, std::size_t max);
// To the end of a content that is being written.
Or<void> copy_body(const host::Request& request, sigstore::content::Writer& writer);

// "bytes=5-9", "bytes=5-" of `size` bytes: first and last. nullopt for anything else, which is answered
// whole; a range that begins behind the end has first >= size.
std::optional<std::pair<std::uint64_t, std::uint64_t>> byte_range(const sigstore::net::Headers& headers,
                                                                  std::uint64_t size);

}  // namespace server::registry
