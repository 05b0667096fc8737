// Does a stream of bytes have the digest it is said to have?
#pragma once

#include <functional>
#include <memory>

#include "sigstore/base/env.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/oci/digest.h"

namespace sigstore::content {

crypto::HashAlgorithm algorithm_of(const oci::Digest& digest);

// Code::mismatch names both digests.
Result<void> expect_digest(crypto::Hasher& hasher, const oci::Digest& digest);

// Passes `source`, of `size` bytes, through and verifies it on the way: the last bytes are withheld
// (Code::mismatch) when the digest is another, and a source that ends early is Code::mismatch too. `right` is
// called once all of it had the digest.
std::unique_ptr<FileReader> verifying(std::unique_ptr<FileReader> source, const oci::Digest& digest,
                                      std::uint64_t size, std::function<void()> right = {});

}  // namespace sigstore::content
