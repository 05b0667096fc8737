// Content addressed by digest, whatever holds it. A content is visible whole and under its own digest, or not
// at all. Thread-safe, except that a Writer and a reader belong to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/oci/digest.h"

namespace sigstore::content {

// One content that arrives in pieces. Nothing is left of it when it dies without commit().
class Writer {
 public:
  virtual ~Writer() = default;
  // Code::disk_full, io.
  virtual Result<void> write(BytesView chunk) = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;  // bytes written
  // Makes it visible, once. Code::mismatch when `digest` is not its digest: then nothing becomes visible.
  virtual Result<void> commit(const oci::Digest& digest) = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  // Errors of all: not_found, io. Content that is there but does not have its digest is Code::mismatch.
  virtual Result<std::uint64_t> size(const oci::Digest& digest) = 0;
  // Verified. Code::too_large above `max` bytes.
  virtual Result<std::shared_ptr<const std::string>> read(const oci::Digest& digest, std::size_t max) = 0;
  // From the first byte it is verified on the way: the last bytes are withheld (Code::mismatch) when the
  // digest is another. From an offset (at most the size) it cannot be. A file that this store found right
  // once, and that nobody wrote to since, is not hashed again.
  virtual Result<std::unique_ptr<FileReader>> open(const oci::Digest& digest, std::uint64_t offset = 0) = 0;
  // `algorithm` is the one that is expected at commit(); another one costs a second reading.
  virtual Result<std::unique_ptr<Writer>> begin(
      crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256) = 0;
  virtual Result<void> remove(const oci::Digest& digest) = 0;
  // At most `max`; Code::too_large when there are more. Sorted.
  virtual Result<std::vector<oci::Digest>> list(std::size_t max) = 0;

  // begin + write + commit.
  Result<void> put(const oci::Digest& digest, std::string_view text);
};

}  // namespace sigstore::content
