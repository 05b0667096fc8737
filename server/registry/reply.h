// What all answers of the registry are made of.
#pragma once

#include <string>

#include "server/registry/failure.h"
#include "sigstore/content/store.h"
#include "sigstore/oci/digest.h"

namespace server::registry {

host::Response text_response(int status, sigstore::net::Headers headers, std::string text = {});

// "/v2/REPO"
std::string repository_path(const std::string& repository);

Or<sigstore::oci::Digest> digest_of(const std::string& text);  // DIGEST_INVALID

std::unexpected<Failure> unknown_blob(const sigstore::oci::Digest& digest);
std::unexpected<Failure> condition_failed();  // 412

// The whole body; SIZE_INVALID above `max` bytes.
Or<std::string> read_body(const host::Request& request, std::size_t max);
// To the end of a content that is being written.
struct Copied {
  Or<void> result;
  bool store_failed = false;  // the writer and not the body: what it holds now, nobody knows
};
Copied copy_body(const host::Request& request, sigstore::content::Writer& writer);

}  // namespace server::registry
