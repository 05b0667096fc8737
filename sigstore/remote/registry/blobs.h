// Blobs of a registry: whether they are there, and small ones read (distribution-spec, "Pull").
#pragma once

#include <string>
#include <string_view>

#include "sigstore/remote/registry/client.h"

namespace sigstore::remote {

// The verbs of Registry; see there.
Result<std::string> read_blob(Client& client, const oci::Repository& repository,
                              const oci::Descriptor& descriptor, std::size_t max);
Result<bool> find_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest);

Result<void> remove_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest);

// --- what all requests for blobs share
Call blob_call(const char* method, const oci::Repository& repository, const oci::Digest& digest);
std::unexpected<Error> not_what_was_asked(const std::string& subject, const std::string& expected,
                                          const std::string& found);
std::string bytes_text(std::uint64_t n);

}  // namespace sigstore::remote
