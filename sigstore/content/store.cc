#include "sigstore/content/store.h"

#include "sigstore/content/check.h"

namespace sigstore::content {

Result<void> Store::put(const oci::Digest& digest, std::string_view text) {
  TRY(auto writer, begin(algorithm_of(digest)));
  TRY_OK(writer->write(as_bytes(text)));
  return writer->commit(digest);
}

}  // namespace sigstore::content
